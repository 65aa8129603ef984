"""Where is a point? On the layers that the project ships, and on hand-made squares."""

import io
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.database.db import reading, transaction
from nerirepo.places.facts import PlaceFacts
from nerirepo.places.load import load_layer
from nerirepo.places.locate import _LOCATE, LayerMissing, locate
from tests.support.statements import sent_statements

METRE = 1 / 111_000
"""In degrees of latitude."""


def found(lat: float, lon: float) -> PlaceFacts:
    with reading() as session:
        return locate(session, lat, lon)


def load(session: Session, layer: str, *features: tuple[str, Any, dict[str, Any]]) -> None:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": kind, "coordinates": coordinates},
            }
            for kind, coordinates, properties in features
        ],
    }
    load_layer(session, io.BytesIO(json.dumps(collection).encode()), layer, f"{layer}.geojson")


def square(west: float, south: float, side: float = 0.01) -> list[list[list[float]]]:
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


@pytest.fixture
def two_squares(no_layers: None) -> None:
    """A ward from 35.74 to 35.75 N, its neighbour south of it, a town in its west half."""
    with transaction() as session:
        load(session, "boundary", ("Polygon", square(139.6, 35.74), {"name": "甲区", "code": "131202"}))
        load(
            session,
            "neighbours",
            ("Polygon", square(139.6, 35.73), {"name": "乙区", "code5": "13119"}),
            ("Polygon", square(139.59, 35.73, 0.03), {"name": "甲区", "code5": "13120"}),
        )


def test_a_place_in_the_ward_has_its_town(database: object) -> None:
    facts = found(35.7356, 139.6522)
    assert (facts.inside, facts.border, facts.distance_outside_m) == (True, False, 0.0)
    assert facts.town
    assert facts.neighbour is None


def test_the_shipped_layers_know_parks_of_two_owners_and_roads_of_each_class(database: object) -> None:
    with reading() as session:
        inside = session.execute(
            text(
                "SELECT f.layer, f.properties, ST_Y(p), ST_X(p) FROM place_feature f, LATERAL (SELECT CASE"
                " WHEN f.layer = 'parks' THEN ST_PointOnSurface(shape)"
                " ELSE ST_LineInterpolatePoint(shape, 0.5) END AS p) AS q WHERE f.layer IN ('parks', 'roads')"
            )
        ).all()
        owners, classes = set(), set()
        for _, _, lat, lon in inside:
            facts = locate(session, lat, lon)
            owners |= {park.owner for park in facts.parks}
            classes |= {road.road_class for road in facts.roads}
    assert {"区立", "都立"} <= owners
    assert {"区道", "都道", "国道", "私道"} <= classes


@pytest.mark.usefixtures("two_squares")
def test_metres_from_the_border_decide_whether_it_is_a_border_case() -> None:
    edge, middle = 35.74, 139.605
    seen = {
        metres: found(edge + metres * METRE, middle)
        for metres in (-500, -60, -55, -45, -5, 5, 45, 55, 60, 500)
    }
    assert {metres: facts.inside for metres, facts in seen.items()} == {each: each > 0 for each in seen}
    assert {metres: facts.border for metres, facts in seen.items()} == {each: abs(each) < 50 for each in seen}
    assert seen[-45].distance_outside_m == pytest.approx(45, abs=1)
    assert seen[-500].distance_outside_m == pytest.approx(500, abs=2)


@pytest.mark.usefixtures("two_squares")
def test_outside_the_neighbour_is_named_even_where_its_file_holds_our_own_outline() -> None:
    facts = found(35.735, 139.605)
    assert facts.neighbour is not None
    assert (facts.neighbour.name, facts.neighbour.code, facts.neighbour.manager) == ("乙区", "13119", None)


@pytest.mark.usefixtures("two_squares")
def test_in_a_gap_between_two_files_the_nearest_neighbour_counts_and_far_away_nobody() -> None:
    gap = found(35.735, 139.6 - 0.003)
    assert gap.neighbour is not None
    assert gap.neighbour.name == "乙区"
    assert found(35.5, 139.2).neighbour is None
    assert found(0.0, 0.0).neighbour is None


@pytest.mark.usefixtures("two_squares")
def test_a_town_s_polygon_decides_and_where_there_is_none_the_nearest_point() -> None:
    point = ("Point", [139.6099, 35.745], {"name": "東町"})
    # Its middle is nearer to most of the east than the point is, but it does not contain the east.
    polygon = ("Polygon", square(139.6, 35.74, 0.009), {"town": "西町"})
    with transaction() as session:
        load(session, "towns", point, polygon)
    assert found(35.745, 139.6089).town == "西町"
    assert found(35.745, 139.6098).town == "東町"
    assert found(35.735, 139.6098).town is None


@pytest.mark.usefixtures("two_squares")
def test_roads_and_facilities_within_thirty_metres_come_nearest_first() -> None:
    def line(metres: float) -> list[list[float]]:
        return [[139.6, 35.745 + metres * METRE], [139.61, 35.745 + metres * METRE]]

    with transaction() as session:
        load(
            session,
            "roads",
            ("LineString", line(20), {"name": "区道1号", "class": "区道"}),
            ("LineString", line(-8), {"name": "都道2号", "class": "都道", "width_m": 12.5}),
            ("LineString", line(33), {"name": "国道3号", "class": "国道"}),
        )
        load(
            session,
            "facilities",
            ("Point", [139.605, 35.745 + 10 * METRE], {"name": "図書館", "kind": "図書館"}),
        )
    facts = found(35.745, 139.605)
    assert [(road.name, road.road_class, road.width_m) for road in facts.roads] == [
        ("都道2号", "都道", 12.5),
        ("区道1号", "区道", None),
    ]
    assert [round(road.distance_m) for road in facts.roads] == [8, 20]
    assert [(each.name, each.kind) for each in facts.facilities] == [("図書館", "図書館")]


@pytest.mark.usefixtures("two_squares")
def test_only_parks_that_contain_the_point_are_told() -> None:
    with transaction() as session:
        load(
            session, "parks", ("Polygon", square(139.604, 35.744, 0.001), {"name": "甲公園", "owner": "都立"})
        )
    assert [(park.name, park.owner) for park in found(35.7445, 139.6045).parks] == [("甲公園", "都立")]
    assert found(35.744 - 5 * METRE, 139.6045).parks == ()


@pytest.mark.usefixtures("two_squares")
def test_only_the_active_version_speaks() -> None:
    with transaction() as session:
        load(session, "parks", ("Polygon", square(139.604, 35.744), {"name": "古い公園", "owner": "都立"}))
        load(session, "parks", ("Polygon", square(139.604, 35.744), {"name": "新しい公園", "owner": "区立"}))
    assert [park.name for park in found(35.745, 139.605).parks] == ["新しい公園"]


def test_without_a_boundary_nobody_can_say(no_layers: None) -> None:
    with pytest.raises(LayerMissing) as caught:
        found(35.74, 139.6)
    assert caught.value.retryable


def test_it_is_one_question(database: object) -> None:
    with sent_statements() as sent:
        found(35.7356, 139.6522)
    assert len(sent) == 1


@pytest.mark.usefixtures("two_squares")
def test_it_finds_roads_by_the_index() -> None:
    def street(number: int) -> tuple[str, Any, dict[str, Any]]:
        lon, lat = 139.6 + number % 100 * 0.0001, 35.74 + number // 100 * 0.0001
        return "LineString", [[lon, lat], [lon + 0.0001, lat + 0.0001]], {"class": "区道"}

    with transaction() as session:
        load(session, "roads", *(street(number) for number in range(10_000)))
        session.execute(text("ANALYZE place_feature"))
    given = {"lat": 35.745, "lon": 139.605, "near": 30.0, "margin": 50.0, "neighbour": 1000.0}
    with reading() as session:
        plan = "\n".join(line for (line,) in sql.rows(session, f"EXPLAIN {_LOCATE}", given))
    assert "place_feature_metres" in plan
    assert found(35.745, 139.605).roads
