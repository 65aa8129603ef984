"""Loading a layer: the whole file or nothing."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from nerirepo.database.db import reading, transaction
from nerirepo.places.collection import LayerFileInvalid
from nerirepo.places.load import KEPT_VERSIONS, Loaded, load_layer

pytestmark = pytest.mark.usefixtures("no_layers")

SQUARE = [[[139.6, 35.74], [139.61, 35.74], [139.61, 35.75], [139.6, 35.75], [139.6, 35.74]]]
BOW_TIE = [[[139.6, 35.74], [139.61, 35.75], [139.61, 35.74], [139.6, 35.75], [139.6, 35.74]]]
FLAT = [[[139.6, 35.74], [139.61, 35.75], [139.6, 35.74], [139.6, 35.74]]]
"""Nothing is left of it when it is mended."""
SWAPPED = [[[y, x] for x, y in SQUARE[0]]]


def park(name: str = "甲公園", coordinates: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    return feature("Polygon", coordinates, name=name, **({"owner": "区立"} | properties))


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def load(content: bytes | dict[str, Any], layer: str = "parks") -> Loaded:
    encoded = content if isinstance(content, bytes) else json.dumps(content).encode()
    with transaction() as session:
        return load_layer(session, io.BytesIO(encoded), layer, "somewhere/parks.geojson")


def standing(layer: str = "parks") -> list[tuple[int, list[str]]]:
    """The active version and its features' names."""
    with reading() as session:
        rows = session.execute(
            text(
                "SELECT v.id, array_agg(f.name ORDER BY f.id) FROM layer_version v JOIN place_feature f"
                " ON f.version_id = v.id WHERE v.is_active AND v.layer = :layer GROUP BY v.id"
            ),
            {"layer": layer},
        )
        return [(row[0], row[1]) for row in rows]


def everything() -> tuple[Any, Any]:
    with reading() as session:
        return (
            session.execute(text("SELECT * FROM layer_version ORDER BY id")).all(),
            session.execute(text("SELECT count(*), max(id) FROM place_feature")).one(),
        )


def test_a_file_becomes_the_active_version_and_remembers_its_name_and_not_its_folder() -> None:
    loaded = load(collection(park("甲公園"), park("乙公園")))
    assert loaded.features == 2
    assert standing() == [(loaded.version, ["甲公園", "乙公園"])]
    with reading() as session:
        assert session.execute(text("SELECT source, features, is_approximate FROM layer_version")).one() == (
            "parks.geojson",
            2,
            False,
        )


def test_a_new_version_takes_the_place_of_the_old_one_as_a_whole() -> None:
    load(collection(park("甲公園"), park("乙公園")))
    second = load(collection(park("丙公園")))
    assert standing() == [(second.version, ["丙公園"])]


def test_the_last_versions_are_kept_and_older_ones_go() -> None:
    loaded = [load(collection(park(f"公園{n}"))).version for n in range(KEPT_VERSIONS + 2)]
    load(collection(feature("Point", [139.6, 35.74], name="練馬一丁目")), "towns")
    with reading() as session:
        kept = session.execute(
            text("SELECT id FROM layer_version WHERE layer = 'parks' ORDER BY id")
        ).scalars()
        assert list(kept) == loaded[-KEPT_VERSIONS:]
        assert session.execute(text("SELECT count(*) FROM place_feature")).scalar() == KEPT_VERSIONS + 1


def test_two_who_load_the_same_layer_at_once_leave_one_active() -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: load(collection(park(f"公園{n}"))), range(4)))
    assert len(standing()) == 1


def test_layers_do_not_touch_each_other() -> None:
    load(collection(park("甲公園")))
    load(collection(feature("Point", [139.6, 35.74], name="練馬一丁目")), "towns")
    assert standing()[0][1] == ["甲公園"]
    assert standing("towns")[0][1] == ["練馬一丁目"]


def test_what_says_that_it_is_approximate_is_remembered_as_such() -> None:
    load(collection(park(approximate=True)))
    with reading() as session:
        assert session.execute(text("SELECT is_approximate FROM layer_version")).scalar() is True


def test_metres_of_a_japanese_grid_are_understood() -> None:
    # EPSG:6677 counts metres from 36 N 139 deg 50' E; this square lies 20 km west and 28 km south of it.
    metres = [[[-20000, -28000], [-19000, -28000], [-19000, -27000], [-20000, -27000], [-20000, -28000]]]
    load(
        collection(
            park("甲公園", metres), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::6677"}}
        )
    )
    with reading() as session:
        lon, lat = session.execute(
            text("SELECT ST_X(ST_Centroid(shape)), ST_Y(ST_Centroid(shape)) FROM place_feature")
        ).one()
    assert (round(lon, 2), round(lat, 2)) == (139.62, 35.75)


@pytest.mark.parametrize(
    ("epsg", "square"),
    [
        # Square kilometres around 35.75 N, 139.62 E as PostGIS makes them.
        (30169, [[-19216, -27717], [-18216, -27717], [-18216, -26717], [-19216, -26717]]),
        (32654, [[374700, 3956300], [375700, 3956300], [375700, 3957300], [374700, 3957300]]),
    ],
)
@pytest.mark.parametrize("form", ["EPSG:{}", "urn:ogc:def:crs:EPSG::{}", "urn:ogc:def:crs:EPSG:9.9.1:{}"])
def test_a_grid_with_a_number_of_five_digits_is_taken_by_all_five(
    epsg: int, square: list[list[int]], form: str
) -> None:
    ring = [[*square, square[0]]]
    load(collection(park("甲公園", ring), crs={"type": "name", "properties": {"name": form.format(epsg)}}))
    with reading() as session:
        centre = text("SELECT ST_X(ST_Centroid(shape)), ST_Y(ST_Centroid(shape)) FROM place_feature")
        lon, lat = session.execute(centre).one()
    assert (lon, lat) == (pytest.approx(139.62, abs=0.02), pytest.approx(35.75, abs=0.02))


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::6668"])
def test_degrees_by_any_of_their_names_are_degrees(name: str) -> None:
    load(collection(park(), crs={"type": "name", "properties": {"name": name}}))
    with reading() as session:
        west = session.execute(text("SELECT ST_XMin(shape) FROM place_feature")).scalar_one()
    assert west == pytest.approx(139.6, abs=0.00001)


def test_heights_and_a_byte_order_mark_do_no_harm() -> None:
    high = [[[x, y, 40.5] for x, y in SQUARE[0]]]
    load(b"\xef\xbb\xbf" + json.dumps(collection(park("甲公園", high))).encode())
    assert standing()[0][1] == ["甲公園"]


def test_a_road_without_a_name_is_called_by_its_class() -> None:
    load(collection(feature("LineString", [[139.6, 35.74], [139.61, 35.74]], **{"class": "区道"})), "roads")
    assert standing("roads")[0][1] == ["区道"]


BAD = {
    "not JSON": (b'{"type": ', "not JSON"),
    "not UTF-8": ("{'名': 1}".encode("shift_jis"), "not JSON"),
    "nested without end": (b"[" * 100_000, "not JSON"),
    "empty": (b"", "not JSON"),
    "no collection": (park()["geometry"], "FeatureCollection"),
    "a list": (b"[]", "FeatureCollection"),
    "no features": (collection(), "no features"),
    "NaN": (json.dumps(collection(park(coordinates=[[[float("nan"), 35.0]]]))).encode(), "NaN"),
    "too large a number": (
        b'{"type":"FeatureCollection","features":['
        + json.dumps(park()).replace("139.61", "1e999").encode()
        + b"]}",
        "finite",
    ),
    "a whole number beyond all": (collection(park(coordinates=[[[10**400, 35.0]]])), "finite"),
    "nested very much": (
        json.dumps(collection(park(coordinates="HERE"))).replace('"HERE"', "[" * 900 + "]" * 900).encode(),
        "finite",
    ),
    "nothing but a place": (collection(park(coordinates=[[SQUARE[0][0]] * 4])), "Too few points"),
    "a name with a NUL": (collection(park("甲\0公園")), "'name': control characters"),
    "a name that colours a terminal": (collection(park("\x1b[31m甲公園")), "'name': control characters"),
    "a name that is half a letter": (
        json.dumps(collection(park("HERE"))).replace("HERE", "\\ud800").encode(),
        "'name': .*surrogate",
    ),
    "a name of spaces": (collection(park(" \u3000 ")), "'name': .* at least 1"),
    "a name without end": (collection(park("長" * 201)), "'name': .* at most 200"),
    "an owner with a NUL": (collection(park(owner="区\0立")), "'owner': control characters"),
    "true for a number": (collection(park(coordinates=[[[True, 35.0]]])), "finite"),
    "words for numbers": (collection(park(coordinates=[[["139.6", "35.7"]]])), "finite"),
    "nested too little": (collection(park(coordinates=SQUARE[0])), "nested"),
    "nested too much": (collection(park(coordinates=[SQUARE])), "finite"),
    "a ring of three": (collection(park(coordinates=[SQUARE[0][:3]])), "ends where it began"),
    "an open ring": (collection(park(coordinates=[SQUARE[0][:4]])), "ends where it began"),
    "a polygon without an area": (collection(park(coordinates=FLAT)), "features.0.*甲公園: "),
    "exchanged": (collection(park(coordinates=SWAPPED)), "exchanged"),
    "the gulf of Guinea": (collection(park(coordinates=[[[0, 0], [1, 0], [1, 1], [0, 0]]])), "not in Japan"),
    "a point": (
        collection(feature("Point", [139.6, 35.7], name="甲公園", owner="区立")),
        "geometry is Point",
    ),
    "no geometry": (collection(park() | {"geometry": None}), "geometry is None"),
    "no properties": (collection(park() | {"properties": None}), "properties"),
    "no name": (collection(feature("Polygon", SQUARE, owner="区立")), "name"),
    "no owner": (collection(feature("Polygon", SQUARE, name="甲公園")), "owner"),
    "an unknown grid": (
        collection(park(), crs={"type": "name", "properties": {"name": "EPSG:999999"}}),
        "SRID",
    ),
    "a grid in words": (
        collection(park(), crs={"type": "name", "properties": {"name": "Tokyo"}}),
        "not known",
    ),
    "a grid in a list": (collection(park(), crs={"type": "name", "properties": ["EPSG:4326"]}), "not known"),
    "a grid that is none": (collection(park(), crs="4326"), "not known"),
}


@pytest.mark.parametrize(("content", "told"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_in_words_and_changes_nothing(content: Any, told: str) -> None:
    load(collection(park("甲公園")))
    before = everything()
    with pytest.raises(LayerFileInvalid, match=told) as caught:
        load(content)
    assert caught.value.code == "layer_file_invalid"
    assert everything() == before


def test_one_bad_feature_of_many_is_named_and_none_is_loaded() -> None:
    features = [park(f"公園{n}") for n in range(50)]
    features[31] = park("つぶれた公園", FLAT)
    with pytest.raises(LayerFileInvalid) as caught:
        load(collection(*features))
    (fault,) = caught.value.faults
    assert (fault.field, fault.code) == ("features[31]", "shape_not_valid")
    assert fault.detail.startswith("つぶれた公園: ")
    assert everything()[0] == []


@pytest.mark.parametrize(
    ("corners", "told", "area"),
    [
        (BOW_TIE, "Self-intersection", "0.00005"),
        ([SQUARE[0], [[x + 0.02, y] for x, y in SQUARE[0]]], "Hole lies outside shell", "0.0002"),
    ],
)
def test_what_crosses_itself_becomes_what_it_encloses_and_is_told(
    corners: list, told: str, area: str
) -> None:
    loaded = load(collection(park(), park("曲がった公園", corners)))
    (remark,) = loaded.remarks
    assert remark.startswith(f"features[1]: 曲がった公園: {told}")
    with reading() as session:
        assert session.execute(
            text(
                "SELECT ST_IsValid(shape), ST_NumGeometries(shape), round(ST_Area(shape)::numeric, 6)"
                " FROM place_feature WHERE name = '曲がった公園'"
            )
        ).one() == (True, 2, Decimal(area))


def test_codes_that_no_rule_knows_are_told_with_those_that_are_known() -> None:
    loaded = load(
        collection(park(), park("乙公園", owner="区"), park("丙公園", owner="区"), park("丁", owner="国"))
    )
    assert loaded.remarks == (
        "features[1]: 乙公園: no rule knows the owner '区' (2 features); known are 区立, 都立",
        "features[3]: 丁: no rule knows the owner '国' (1 features); known are 区立, 都立",
    )
    line = feature("LineString", SQUARE[0], name="農道1号", **{"class": "農道"})
    (remark,) = load(collection(line), "roads").remarks
    assert "no rule knows the class '農道'" in remark
    assert "区道" in remark


def test_names_that_are_gone_with_a_new_version_are_told() -> None:
    assert load(collection(park("甲公園"), park("乙公園"))).lost == ()
    loaded = load(collection(park("乙公園"), park("丙公園")))
    assert loaded.lost == ("甲公園",)
    assert loaded.remarks == ()


def test_a_caller_who_catches_the_error_and_commits_has_still_changed_nothing() -> None:
    load(collection(park("甲公園")))
    before = everything()
    file = io.BytesIO(json.dumps(collection(park(), park(coordinates=FLAT))).encode())
    with transaction() as session, pytest.raises(LayerFileInvalid):
        load_layer(session, file, "parks", "parks.geojson")
    assert everything() == before


def test_a_layer_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(LayerFileInvalid, match=r"'rivers'.*boundary, neighbours, towns"):
        load(collection(park()), "rivers")


@pytest.mark.parametrize("width", [0, -3, "wide", True, 1000])
def test_a_road_s_width_is_metres(width: Any) -> None:
    line = feature(
        "LineString", [[139.6, 35.74], [139.61, 35.74]], name="道", width_m=width, **{"class": "区道"}
    )
    with pytest.raises(LayerFileInvalid, match="metres"):
        load(collection(line), "roads")
