"""Shipped geometry: valid GeoJSON with the fixed properties, labelled approximate, and true to the ground."""

import csv
import json
import os
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path

import pytest

LAYERS = {
    "boundary": ("MultiPolygon", {"name", "code"}),
    "neighbours": ("Polygon", {"name", "code", "manager"}),
    "towns": ("Point", {"name", "oaza", "chome"}),
    "parks": ("Polygon", {"name", "owner"}),
    "roads": ("LineString", {"name", "class", "width_m"}),
    "facilities": ("Point", {"name", "kind"}),
}
"""Layer -> its simplest shape, and the properties that every feature has."""

Point = tuple[float, float]


def rings(geometry: dict) -> list[list[Point]]:
    """Outer rings and holes of a (multi)polygon, as lists of (lon, lat)."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(lon, lat) for lon, lat, *_ in ring] for polygon in polygons for ring in polygon]


def contains(shape: list[list[Point]], point: Point) -> bool:
    """Even-odd rule over all rings."""
    x, y = point
    inside = False
    for ring in shape:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside


def metres(shape: list[list[Point]]) -> list[list[Point]]:
    """Rings on a plane around the ward: an equirectangular projection, good to a metre over this size."""
    return [[(lon * 111_320 * cos(radians(35.75)), lat * 110_950) for lon, lat in ring] for ring in shape]


def along(shape: list[list[Point]], step: float) -> list[Point]:
    """Points on the rings, at most `step` apart."""
    points = []
    for ring in shape:
        for (x1, y1), (x2, y2) in pairwise(ring):
            pieces = max(1, int(hypot(x2 - x1, y2 - y1) / step) + 1)
            points += [(x1 + (x2 - x1) * i / pieces, y1 + (y2 - y1) * i / pieces) for i in range(pieces)]
    return points


def furthest(points: list[Point], targets: list[Point]) -> float:
    """The greatest distance from one of the points to the nearest target (one way of Hausdorff's)."""
    return max(min(hypot(x - u, y - v) for u, v in targets) for x, y in points)


def outline(ward) -> list[list[Point]]:
    return rings(ward.layer("boundary")["features"][0]["geometry"])


@pytest.fixture
def real_data() -> Path:
    folder = os.environ.get("NERIREPO_TEST_DATA")
    if not folder:
        pytest.skip("NERIREPO_TEST_DATA is not set: no real geometry to compare with")
    return Path(folder)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_is_geojson_with_the_fixed_properties(ward, layer):
    shape, properties = LAYERS[layer]
    collection = ward.layer(layer)
    assert collection["type"] == "FeatureCollection"
    assert collection["features"]
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] in (shape, f"Multi{shape}", "Polygon"), feature["properties"]
        assert feature["properties"].keys() - {"approximate"} == properties, feature["properties"]
        if feature["geometry"]["type"].endswith("Polygon"):
            assert all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings(feature["geometry"]))


@pytest.mark.parametrize("layer", LAYERS)
def test_nerimas_layers_say_that_they_are_approximate(nerima, layer):
    collection = nerima.layer(layer)
    assert collection["approximate"] is True
    assert collection["note"]
    assert all(feature["properties"]["approximate"] is True for feature in collection["features"])


def test_the_outline_carries_the_wards_name_and_code(ward):
    (feature,) = ward.layer("boundary")["features"]
    assert feature["properties"]["name"] == ward.profile["names"]["ja"]
    assert feature["properties"]["code"] == ward.profile["code"]


def test_what_is_the_wards_lies_in_the_ward(ward):
    shape = outline(ward)
    for layer in ("towns", "facilities"):
        for feature in ward.layer(layer)["features"]:
            assert contains(shape, tuple(feature["geometry"]["coordinates"])), feature["properties"]["name"]
    for sample in ward.samples:
        assert contains(shape, (sample["lon"], sample["lat"])), sample["code"]
    assert contains(shape, (ward.profile["map"]["lon"], ward.profile["map"]["lat"]))


def test_each_neighbour_is_a_manager_that_exists(ward):
    for feature in ward.layer("neighbours")["features"]:
        manager = ward.managers[feature["properties"]["manager"]]
        assert manager["kind"] == "neighbour"
        assert manager["names"]["ja"] == feature["properties"]["name"]


def test_every_point_within_two_kilometres_outside_has_exactly_one_neighbour(nerima):
    shape = outline(nerima)
    border = along(metres(shape), 200)
    neighbours = [rings(feature["geometry"]) for feature in nerima.layer("neighbours")["features"]]
    grid = [(139.5313 + i * 0.00199, 35.6909 + j * 0.00199) for i in range(95) for j in range(60)]
    around = [
        point
        for point, (x, y) in zip(grid, metres([grid])[0], strict=True)
        if not contains(shape, point) and min(hypot(x - u, y - v) for u, v in border) < 2_000
    ]
    assert len(around) > 1_000
    assert [point for point in around if sum(contains(each, point) for each in neighbours) != 1] == []


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (139.7110, 35.7295, None),  # Ikebukuro station: too far for a name
        (139.6640, 35.7770, "板橋区"),
        (139.6900, 35.7330, "豊島区"),
        (139.6660, 35.7060, "中野区"),
        (139.6200, 35.7045, "杉並区"),
        (139.5796, 35.7031, "武蔵野市"),
        (139.5450, 35.7280, "西東京市"),
        (139.5600, 35.7750, "新座市"),
        (139.5935, 35.7970, "朝霞市"),
        (139.6124, 35.7880, "和光市"),
    ],
)
def test_a_point_outside_nerima_gets_its_neighbours_name(nerima, lon, lat, name):
    assert not contains(outline(nerima), (lon, lat))
    found = [
        feature["properties"]["name"]
        for feature in nerima.layer("neighbours")["features"]
        if contains(rings(feature["geometry"]), (lon, lat))
    ]
    assert found == ([name] if name else [])


def test_parks_of_both_owners_and_roads_of_all_classes_are_there_to_try(nerima):
    owners = [feature["properties"]["owner"] for feature in nerima.layer("parks")["features"]]
    assert len(owners) >= 5
    assert set(owners) == {"都立", "区立"}
    classes = {feature["properties"]["class"] for feature in nerima.layer("roads")["features"]}
    assert classes == {"都道", "国道", "私道", "区道"}


def test_samples_handed_to_the_park_managers_of_tokyo_lie_in_one_of_their_parks(nerima):
    parks = [
        rings(feature["geometry"])
        for feature in nerima.layer("parks")["features"]
        if feature["properties"]["owner"] == "都立"
    ]
    for sample in nerima.samples:
        if any(step.get("manager") == "tokyo_parks" for step in sample.get("steps", [])):
            assert any(contains(park, (sample["lon"], sample["lat"])) for park in parks), sample["code"]


def test_all_202_towns_are_there_under_their_full_names(nerima):
    numerals = "一二三四五六七八九"
    towns = [feature["properties"] for feature in nerima.layer("towns")["features"]]
    assert len({town["name"] for town in towns}) == len(towns) == 202
    for town in towns:
        chome = f"{numerals[town['chome'] - 1]}丁目" if town["chome"] else ""
        assert town["name"] == town["oaza"] + chome


def test_nerimas_outline_is_within_300_metres_of_the_real_one(nerima, real_data):
    real = json.loads((real_data / "nerima_boundary_osm.geojson").read_text(encoding="utf-8"))
    theirs = along(metres(rings(real["features"][0]["geometry"])), 25)
    ours = along(metres(outline(nerima)), 25)
    assert furthest(ours, theirs) < 300
    assert furthest(theirs, ours) < 300


def test_the_real_towns_and_the_shipped_ones_lie_in_both_outlines_under_the_same_names(nerima, real_data):
    real = json.loads((real_data / "nerima_boundary_osm.geojson").read_text(encoding="utf-8"))
    with (real_data / "nerima_towns.csv").open(encoding="utf-8") as file:
        theirs = {row["town"]: (float(row["lng"]), float(row["lat"])) for row in csv.DictReader(file)}
    ours = {
        feature["properties"]["name"]: tuple(feature["geometry"]["coordinates"])
        for feature in nerima.layer("towns")["features"]
    }
    assert ours.keys() == theirs.keys()
    for shape in (outline(nerima), rings(real["features"][0]["geometry"])):
        assert [
            name for points in (ours, theirs) for name, point in points.items() if not contains(shape, point)
        ] == []
