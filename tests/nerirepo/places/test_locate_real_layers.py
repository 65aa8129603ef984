"""The ward's real geometry, where `NERIREPO_TEST_DATA` says that it lies: it may be used and not shipped."""

import csv
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Row, text

from nerirepo.database.db import reading, transaction
from nerirepo.places.load import load_layer
from nerirepo.places.locate import locate
from nerirepo.places.responsible import OutsideWard, require_inside_or_border, responsible

FOLDER = os.environ.get("NERIREPO_TEST_DATA")
pytestmark = pytest.mark.skipif(not FOLDER, reason="NERIREPO_TEST_DATA is not set: no real geometry here")

POINTS = "nerima_towns_points.geojson"
POLYGONS = "nerima_towns_voronoi_APPROX.geojson"
COARSE = "nerima_and_neighbours_n03_simplified.geojson"
FINE = "neighbour_wards_osm.geojson"


def data(name: str) -> Path:
    return Path(FOLDER or "") / name


def load(layer: str, name: str) -> int:
    with transaction() as session, data(name).open("rb") as file:
        return load_layer(session, file, layer, name).features


@pytest.fixture
def real_layers(no_layers: None) -> None:
    load("boundary", "nerima_boundary_osm.geojson")
    load("neighbours", COARSE)
    load("towns", POINTS)
    load("parks", "parks_TESTONLY_circles.geojson")


def town_points() -> list[tuple[str, float, float]]:
    features = json.loads(data(POINTS).read_text())["features"]
    return [(each["properties"]["town"], *reversed(each["geometry"]["coordinates"])) for each in features]


@pytest.mark.usefixtures("real_layers")
@pytest.mark.parametrize("towns", [POINTS, POLYGONS])
def test_all_towns_are_inside_and_named(towns: str) -> None:
    assert load("towns", towns) == 202
    with reading() as session:
        seen = [(name, locate(session, lat, lon)) for name, lat, lon in town_points()]
    assert len(seen) == 202
    assert [name for name, facts in seen if not facts.inside] == []
    assert [(name, facts.town) for name, facts in seen if facts.town != name] == []


@pytest.mark.usefixtures("real_layers")
def test_the_towns_are_those_of_the_ward_s_own_list() -> None:
    with data("nerima_towns.csv").open(encoding="utf-8-sig") as file:
        listed = {row["town"] for row in csv.DictReader(file)}
    assert listed == {name for name, _, _ in town_points()}


@pytest.mark.usefixtures("real_layers")
def test_the_exclave_is_inside_and_all_around_it_is_niiza() -> None:
    ((lat, lon),) = [(lat, lon) for name, lat, lon in town_points() if name == "西大泉町"]
    with reading() as session:
        facts = locate(session, lat, lon)
        around = session.execute(
            text(
                """
                SELECT ST_Y(point), ST_X(point) FROM generate_series(0, 7) AS eighth, LATERAL (
                    SELECT ST_Project(ST_MakePoint(:lon, :lat)::geography, 150, eighth * pi() / 4)::geometry
                ) AS around (point)
                """
            ),
            {"lat": lat, "lon": lon},
        ).all()
        neighbours = {locate(session, *there).neighbour for there in around}
    assert (facts.inside, facts.border, facts.town) == (True, True, "西大泉町")
    assert {each.name for each in neighbours if each} == {"新座市"}
    assert {each.manager for each in neighbours if each} == {"niiza"}


@pytest.mark.usefixtures("real_layers")
@pytest.mark.parametrize("files", [[COARSE], [COARSE, FINE]])
@pytest.mark.parametrize(
    ("lat", "lon", "name", "manager"),
    [
        pytest.param(35.7512, 139.7090, "板橋区", "itabashi", id="Itabashi, the ward's hall"),
        pytest.param(35.7295, 139.7155, "豊島区", "toshima", id="Toshima"),
        pytest.param(35.7074, 139.6638, "中野区", "nakano", id="Nakano"),
        pytest.param(35.6995, 139.6364, "杉並区", "suginami", id="Suginami"),
        pytest.param(35.7177, 139.5661, "武蔵野市", "musashino", id="Musashino"),
        pytest.param(35.7255, 139.5385, "西東京市", "nishitokyo", id="Nishitokyo"),
        pytest.param(35.7971, 139.5937, "朝霞市", "asaka", id="Asaka"),
        pytest.param(35.7813, 139.6058, "和光市", "wako", id="Wako"),
        pytest.param(35.7935, 139.5652, "新座市", "niiza", id="Niiza"),
    ],
)
def test_outside_the_right_neighbour_is_named(
    files: list[str], lat: float, lon: float, name: str, manager: str
) -> None:
    for file in files:
        load("neighbours", file)
    with reading() as session:
        found = responsible(session, lat, lon, "lamp.out", {})
    if files[-1] == FINE and manager not in ("itabashi", "toshima", "nakano", "suginami"):
        assert found.facts.neighbour is None, "this file holds four wards only"
        return
    assert found.facts.neighbour is not None
    assert (found.facts.neighbour.name, found.decision.manager) == (name, manager)
    with pytest.raises(OutsideWard) as caught:
        require_inside_or_border(found.facts)
    assert caught.value.facts["neighbour"]["name"] == name


@pytest.mark.usefixtures("real_layers")
def test_around_the_whole_border_fifty_metres_are_taken_and_more_are_not() -> None:
    with reading() as session:

        def ring(metres: int) -> Sequence[Row]:
            """Points that far from the boundary: outside of it, or inside where `metres` is negative."""
            statement = text(
                """
                WITH moved AS (
                    SELECT ST_Boundary(ST_Buffer(ST_Transform(shape, 6677), :metres, 16)) AS line
                    FROM place_feature WHERE layer = 'boundary'
                )
                SELECT ST_Y(geom), ST_X(geom) FROM moved, ST_DumpPoints(ST_Transform(line, 4326)) AS corner
                """
            )
            return session.execute(statement, {"metres": metres}).all()[::40]

        expected = {-51: (True, False), -49: (True, True), 49: (False, True), 51: (False, False)}
        for metres, (inside, border) in expected.items():
            points = ring(metres)
            assert len(points) > 20
            for lat, lon in points:
                facts = locate(session, lat, lon)
                assert (facts.inside, facts.border) == (inside, border), (metres, lat, lon)
                if inside or border:
                    require_inside_or_border(facts)
                    assert facts.town
                else:
                    with pytest.raises(OutsideWard):
                        require_inside_or_border(facts)
                    assert facts.neighbour


@pytest.mark.usefixtures("real_layers")
def test_parks_of_two_owners_go_to_two_managers() -> None:
    features = json.loads(data("parks_TESTONLY_circles.geojson").read_text())["features"]
    went = {}
    with reading() as session:
        for each in features:
            if each["properties"]["in_nerima"]:
                ring = each["geometry"]["coordinates"][0][:-1]
                lon, lat = (sum(position[axis] for position in ring) / len(ring) for axis in (0, 1))
                found = responsible(session, lat, lon, "park.equipment", {})
                assert each["properties"]["name"] in found.decision.reason["ja"]
                went.setdefault(each["properties"]["owner"], set()).add(found.office.code)
    assert went == {"都立": {"tokyo_parks"}, "区立": {"parks"}}


@pytest.mark.usefixtures("real_layers")
def test_old_positions_of_toilets_and_police_boxes_are_refused_for_what_they_are() -> None:
    from nerirepo.places.collection import LayerFileInvalid

    with pytest.raises(LayerFileInvalid, match="LineString; facilities takes"):
        load("facilities", "nerima_osm_pois_2014.geojson")
