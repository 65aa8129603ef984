"""Files as GIS offices of Japan send them: each is read right, or refused with the feature, the reason and a
way out."""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import pytest
from pyogrio import raw
from sqlalchemy import text

from nerirepo.database.db import reading
from nerirepo.places.collection import Hints, LayerFileInvalid
from tests.nerirepo.places.test_survey_file import METRES, geopackage, load, polygon, shapefile

pytestmark = pytest.mark.usefixtures("no_layers")

HERE = [139.6177, 35.7519]
"""The middle of METRES."""
SQUARE = [
    [139.6122, 35.7474],
    [139.6233, 35.7474],
    [139.6232, 35.7564],
    [139.6121, 35.7564],
    [139.6122, 35.7474],
]
NEAR = 0.0005
"""Degrees: the old datum lies ten times as far beside."""
ONE = {"name": ["甲公園"], "owner": ["区立"]}
EPSG = "urn:ogc:def:crs:EPSG::{}"


class Read:
    """What stands afterwards, all of it around HERE."""

    def __init__(
        self, *names: str, hints: Hints | None = None, layer: str = "parks", **properties: Any
    ) -> None:
        self.names, self.layer, self.properties = list(names) or ["甲公園"], layer, properties
        self.hints = hints or Hints()


class Refused:
    def __init__(self, told: str, *, hints: Hints | None = None, layer: str = "parks") -> None:
        self.told, self.layer, self.hints = told, layer, hints or Hints()


Row = tuple[Callable[[Path], bytes], Read | Refused]


def feature(
    name: Any = "甲公園", coordinates: Any = SQUARE, kind: str = "Polygon", **properties: Any
) -> dict[str, Any]:
    nested = [coordinates] if kind == "Polygon" else coordinates
    return {
        "type": "Feature",
        "properties": {"name": name, "owner": "区立"} | properties,
        "geometry": {"type": kind, "coordinates": nested},
    }


def words(*features: Any, crs: str | None = None, **more: Any) -> str:
    named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    whole = {"type": "FeatureCollection", "features": list(features or [feature()])}
    return json.dumps(whole | named | more, ensure_ascii=False)


def moved(epsg: int) -> list[list[float]]:
    """The square in another system, east first."""
    with reading() as session:
        told = session.execute(
            text("SELECT ST_AsGeoJSON(ST_Transform(ST_GeomFromGeoJSON(:square), :epsg), 9)"),
            {"square": json.dumps({"type": "Polygon", "coordinates": [SQUARE]}), "epsg": epsg},
        ).scalar_one()
    return json.loads(told)["coordinates"][0]


def wkb(kind: int, *, z: bool = False, m: bool = False) -> bytes:
    """A geometry of METRES: 3 a polygon, 6 several, 7 a collection, 10 with curves."""
    more = (1.0,) * (z + m)
    ring = b"".join(struct.pack(f"<{2 + z + m}d", *map(float, each), *more) for each in METRES)
    dimension = 1000 * z + 2000 * m
    one = struct.pack("<BIII", 1, 3 + dimension, 1, len(METRES)) + ring
    if kind == 3:
        return one
    if kind == 10:
        one = struct.pack("<BII", 1, 2 + dimension, len(METRES)) + ring
    return struct.pack("<BII", 1, kind + dimension, 1) + one


def line() -> dict[str, Any]:
    return feature(coordinates=[SQUARE[0], SQUARE[2]], kind="LineString", **{"class": "区道"})


def encoded(encoding: str, whole: str | None = None) -> Callable[[Path], bytes]:
    return lambda _: (whole or words()).encode(encoding)


def of(*features: Any, **more: Any) -> Callable[[Path], bytes]:
    return lambda _: words(*features, **more).encode()


def given(content: bytes) -> Callable[[Path], bytes]:
    return lambda _: content


def lines(between: str) -> Callable[[Path], bytes]:
    return lambda _: (
        between.join(["", json.dumps(feature()), json.dumps(feature("乙公園"))]).strip("\n").encode()
    )


METRE_RING = [[float(x), float(y)] for x, y in METRES]
NORTH_FIRST = [[y, x] for x, y in METRE_RING]

GEOJSON: dict[str, Row] = {
    "UTF-8 with its mark": (encoded("utf-8-sig"), Read()),
    "CP932": (encoded("cp932", words(feature("髙松①号公園"))), Read("髙松①号公園")),
    "EUC-JP": (encoded("euc_jp", words(feature("光が丘公園"))), Read("光が丘公園")),
    "UTF-16": (encoded("utf-16"), Read()),
    "UTF-16 without its mark": (encoded("utf-16-le"), Refused("not JSON in UTF-8")),
    "a letter that is cut": (
        lambda _: words(feature("光が丘公園" * 9)).encode().replace("園".encode(), "園".encode()[:2], 1),
        Refused(r"damaged at byte \d+, after '.*光が丘公'"),
    ),
    "the plane of Tokyo": (of(feature(coordinates=METRE_RING), crs=EPSG.format(6677)), Read()),
    "the older plane": (lambda _: words(feature(coordinates=moved(2451)), crs="EPSG:2451").encode(), Read()),
    "the old datum": (lambda _: words(feature(coordinates=moved(4301)), crs="EPSG:4301").encode(), Read()),
    "JGD2011": (lambda _: words(crs=EPSG.format(6668)).encode(), Read()),
    "CRS84": (of(crs="urn:ogc:def:crs:OGC:1.3:CRS84"), Read()),
    "a system that nobody knows": (of(crs=EPSG.format(99999)), Refused("99999")),
    "a system by a link": (of(**{"crs": {"type": "link"}}), Refused("coordinate system is not known")),
    "metres that nobody names": (
        of(feature(coordinates=METRE_RING)),
        Refused(r"features\[0\].*metres.*--crs"),
    ),
    "metres that a person names": (of(feature(coordinates=METRE_RING)), Read(hints=Hints(crs=6677))),
    "north first, in degrees": (
        of(feature(coordinates=[[y, x] for x, y in SQUARE])),
        Refused(r"features\[0\].*exchanged"),
    ),
    "one feature": (given(json.dumps(feature()).encode()), Read()),
    "a shape alone": (
        given(json.dumps(feature()["geometry"]).encode()),
        Refused("FeatureCollection is expected"),
    ),
    "a feature a line": (lines("\n"), Read("甲公園", "乙公園")),
    "a feature a line of Windows": (lines("\r\n"), Read("甲公園", "乙公園")),
    "a sequence with its marks": (lines("\n\x1e"), Read("甲公園", "乙公園")),
    "a line that is cut": (
        given(f"{json.dumps(feature())}\n{json.dumps(feature())[:-9]}".encode()),
        Refused("not JSON"),
    ),
    "1e400": (given(words().replace("139.6233", "1e400").encode()), Refused(r"features\[0\].*finite")),
    "a whole number beyond all": (
        given(words().replace("139.6233", "1" + "0" * 400).encode()),
        Refused(r"features\[0\].*finite"),
    ),
    "NaN": (given(words().replace("139.6233", "NaN").encode()), Refused("NaN is not a number")),
    "coordinates in words": (
        given(words().replace("139.6233", '"139.6233"').encode()),
        Refused(r"features\[0\].*finite"),
    ),
    "a comma too many": (given(words().replace("]}}]", "]}},]").encode()), Refused("not JSON.*char")),
    "a name twice": (
        given(words().replace('"owner"', '"name": "乙公園", "owner"').encode()),
        Refused("'name' stands twice"),
    ),
    "heights": (of(feature(coordinates=[[*each, 40.5] for each in SQUARE])), Read()),
    "heights and measures": (of(feature(coordinates=[[*each, 40.5, 1] for each in SQUARE])), Read()),
    "clockwise": (of(feature(coordinates=SQUARE[::-1])), Read()),
    "several shapes in one": (
        of(feature() | {"geometry": {"type": "GeometryCollection", "geometries": [feature()["geometry"]]}}),
        Refused(r"features\[0\].*甲公園.*GeometryCollection; parks takes"),
    ),
    "lines among areas": (of(feature(), line()), Refused(r"features\[1\].*LineString; parks takes")),
    "an empty shape": (of(feature(coordinates=[])), Refused(r"features\[0\].*empty")),
    "no shape": (of(feature(), feature("乙公園") | {"geometry": None}), Refused(r"features\[1\].*乙公園")),
    "no properties": (of(feature() | {"properties": None}), Refused(r"features\[0\].*properties")),
    "a name that is a number": (of(feature(12)), Read("12")),
    "a blank behind the owner": (of(feature(owner="区立　")), Read(owner="区立")),
    "a width in words": (of(line() | {"properties": {"name": "甲", "class": "区道", "width_m": "６．５ｍ"}}),
                         Read("甲", layer="roads", width_m=6.5)),
    "a width that is none": (
        of(line() | {"properties": {"name": "甲", "class": "区道", "width_m": "不明"}}),
        Refused(r"features\[0\].*'不明'; metres", layer="roads"),
    ),
    "a code in wide digits": (of(feature(code="１３１２０２")), Read(layer="boundary", code="131202")),
    "a code that is a number": (of(feature(code=131202)), Read(layer="boundary", code="131202")),
    "one id for all": (of(feature() | {"id": 1}, feature("乙公園") | {"id": 1}), Read("甲公園", "乙公園")),
    "half of a pair of letters": (
        given(words(feature("甲")).replace("甲", "\\ud83d").encode()),
        Refused(r"features\[0\].*surrogates"),
    ),
    "cut short": (lambda _: words().encode()[:-40], Refused("not JSON")),
    "nothing": (given(b""), Refused("not JSON")),
    "a page of the web": (given(b"<!DOCTYPE html><p>404"), Refused("XML")),
    "TopoJSON": (given(b'{"type": "Topology", "objects": {}}'), Refused("ogr2ogr")),
    "a table": (given("名称,所有\n甲公園,区立\n".encode("cp932")), Refused("not JSON")),
}  # fmt: skip


def rezipped(content: bytes, change: Callable[[str, bytes], Sequence[tuple[str, bytes]]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            for other, part in change(name, old.read(name)):
                new.writestr(other, part)
    return packed.getvalue()


def shaped(**how: Any) -> Callable[[Path], bytes]:
    return lambda folder: shapefile(folder, how.pop("columns", ONE), **how)


def changed(
    change: Callable[[str, bytes], Sequence[tuple[str, bytes]]], **how: Any
) -> Callable[[Path], bytes]:
    return lambda folder: rezipped(shapefile(folder, ONE, **how), change)


def without(ending: str) -> Callable[[Path], bytes]:
    return changed(lambda name, part: [] if name.endswith(ending) else [(name, part)])


def cut(ending: str, at: int) -> Callable[[Path], bytes]:
    return changed(lambda name, part: [(name, part[:at] if name.endswith(ending) else part)])


def said(prj: str) -> Callable[[Path], bytes]:
    return changed(lambda name, part: [(name, prj.encode() if name.endswith(".PRJ") else part)])


def in_epsg(epsg: int, **how: Any) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        shape = polygon([(x, y) for x, y in moved(epsg)])
        return shapefile(folder, ONE, shapes=[shape], crs=f"EPSG:{epsg}", **how)

    return make


def of_kind(name: str, shape: bytes, geometry_type: str) -> Callable[[Path], bytes]:
    """As `shapefile`, of another kind of geometry."""

    def make(folder: Path) -> bytes:
        raw.write(
            folder / "parks.shp", numpy.array([shape], object),
            [numpy.array(each, object) for each in ONE.values()], list(ONE),
            geometry_type=geometry_type, crs="EPSG:6677", driver="ESRI Shapefile", encoding="CP932",
        )  # fmt: skip
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for part in folder.glob("parks.*"):
                archive.write(part, f"{name}{part.suffix}")
        return packed.getvalue()

    return make


def deleted(name: str, part: bytes) -> Sequence[tuple[str, bytes]]:
    """The first row is marked as deleted, and not yet gone."""
    if name.endswith(".DBF"):
        begin = int.from_bytes(part[8:10], "little")
        part = part[:begin] + b"*" + part[begin + 1 :]
    return [(name, part)]


SHAPEFILES: dict[str, Row] = {
    "CP932, not said": (shaped(columns={"name": ["髙松①号公園"], "owner": ["区立"]}), Read("髙松①号公園")),
    "CP932, said": (shaped(leave_out=()), Read()),
    "UTF-8, not said": (shaped(encoding="UTF-8"), Read()),
    "EUC-JP, not said": (shaped(encoding="EUC-JP"), Read()),
    "a person says it wrongly": (
        shaped(),
        Refused("not in utf-8.*--encoding", hints=Hints(encoding="utf-8")),
    ),
    "without .prj": (shaped(leave_out=(".prj",)), Refused("--crs")),
    "without .prj, said": (shaped(leave_out=(".prj",)), Read(hints=Hints(crs=6677))),
    "an empty .prj": (said(""), Refused("--crs")),
    "a .prj of nonsense": (said("平面直角座標系第IX系"), Refused("--crs")),
    "a .prj of degrees for metres": (shaped(crs="EPSG:6668"), Refused(r"features\[0\].*metres")),
    "the older plane": (in_epsg(2451), Read()),
    "the old datum, in degrees": (in_epsg(4301), Read()),
    "the old datum, in the plane": (in_epsg(30169), Read()),
    "UTM": (in_epsg(6691), Read()),
    "with heights": (of_kind("公園", wkb(3, z=True), "Polygon Z"), Read()),
    "of several parts": (of_kind("公園", wkb(6), "MultiPolygon"), Read()),
    "lines for areas": (
        of_kind("公園", struct.pack("<BII4d", 1, 2, 2, *METRES[0], *METRES[1]), "LineString"),
        Refused(r"features\[0\].*LineString; parks takes"),
    ),
    "without .shx": (without(".SHX"), Refused(r"lacks .*\.shx")),
    "without .dbf": (without(".DBF"), Refused(r"lacks .*\.dbf")),
    "a .shp that is cut": (cut(".SHP", 150), Refused("cannot be read|geometry is None")),
    "a .shp without a record": (cut(".SHP", 60), Refused("cannot be read|no features")),
    "a .dbf that is cut in its head": (cut(".DBF", 40), Refused("cannot be read|missing")),
    "a .dbf that is cut in a row": (cut(".DBF", 100), Refused("cannot be read|missing")),
    "a row that was deleted": (changed(deleted), Refused("no features")),
    "what macOS adds": (
        changed(lambda name, part: [(name, part), (f"__MACOSX/納品/._{name.split('/')[-1]}", b"\0\5\x16\7")]),
        Read(),
    ),
    "folders of Windows": (changed(lambda name, part: [(name.replace("/", "\\"), part)]), Read()),
    "an archive in the archive": (
        lambda folder: rezipped(shapefile(folder, ONE), lambda name, part: [(f"{name}.zip", b"PK")]),
        Refused(r"no \.shp"),
    ),
    "two": (
        changed(lambda name, part: [(name, part), (name.replace("公園", "道路"), part)]),
        Refused(r"--table.*2: .*公園.*道路"),
    ),
    "two, one said": (
        changed(lambda name, part: [(name, part), (name.replace("公園", "道路"), part)]),
        Read(hints=Hints(table="納品/公園")),
    ),
    "no rows": (
        lambda folder: empty_shapefile(folder),
        Refused("no features"),
    ),
    "no shape in a row": (
        lambda folder: shapefile(
            folder, {"name": ["甲公園", "乙公園"], "owner": ["区立"] * 2}, shapes=[polygon(METRES), None]
        ),
        Refused(r"features\[1\].*乙公園.*None"),
    ),
    "names and numbers of other columns": (
        shaped(columns={"公園名称": ["甲公園"], "管理者": ["区立"], "面積": [1.5]}),
        Read(hints=Hints(columns={"name": "公園名称", "owner": "管理者"})),
    ),
    "a column of another name": (
        shaped(columns={"公園名称": ["甲公園"], "管理者": ["区立"]}),
        Refused(r"no column '公園名'; it has: 公園名称", hints=Hints(columns={"name": "公園名"})),
    ),
    "a code in wide digits": (
        shaped(columns={"name": ["練馬区"], "code": ["１３１２０２"]}),
        Read("練馬区", layer="boundary", code="131202"),
    ),
}


def empty_shapefile(folder: Path) -> bytes:
    raw.write(
        folder / "parks.shp", numpy.array([], object), [numpy.array([], object)] * 2, list(ONE),
        geometry_type="Polygon", crs="EPSG:6677", driver="ESRI Shapefile", encoding="CP932",
    )  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in folder.glob("parks.*"):
            archive.write(part, part.name)
    return packed.getvalue()


def packaged(columns: dict[str, Any] = ONE, **how: Any) -> Callable[[Path], bytes]:
    return lambda folder: geopackage(folder, columns, **how)


def altered(*statements: str, columns: dict[str, Any] = ONE, **how: Any) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        geopackage(folder, columns, SPATIAL_INDEX="NO", **how)  # its triggers ask for GDAL's own functions
        file = folder / "parks.gpkg"
        with sqlite3.connect(file) as database:
            for each in statements:
                database.execute(each)
        database.close()
        return file.read_bytes()

    return make


def in_epsg_gpkg(epsg: int) -> Callable[[Path], bytes]:
    return lambda folder: geopackage(
        folder, ONE, shapes=[polygon([(x, y) for x, y in moved(epsg)])], crs=f"EPSG:{epsg}"
    )


def two_tables(folder: Path) -> bytes:
    geopackage(folder, ONE, layer="区立公園")
    return geopackage(folder, {"name": ["乙公園"], "owner": ["都立"]}, layer="都立公園", append=True)


VIEW = 'CREATE VIEW "見る" AS SELECT fid, geom, name, owner FROM parks'
REGISTERED = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
    " SELECT '見る', 'features', '見る', srs_id FROM gpkg_contents",
    "INSERT INTO gpkg_geometry_columns SELECT '見る', column_name, geometry_type_name, srs_id, z, m"
    " FROM gpkg_geometry_columns",
)
UNDEFINED = "UPDATE {} SET srs_id = {}"


def undefined(srs: int) -> tuple[str, ...]:
    return tuple(UNDEFINED.format(each, srs) for each in ("gpkg_contents", "gpkg_geometry_columns"))


def not_a_number(folder: Path) -> bytes:
    ring = [METRES[0], (float("nan"), -28000.0), *METRES[2:]]
    return geopackage(folder, ONE, shapes=[polygon(ring)])


GEOPACKAGES: dict[str, Row] = {
    "as it should be": (packaged(), Read()),
    "the older plane": (in_epsg_gpkg(2451), Read()),
    "the old datum, in degrees": (in_epsg_gpkg(4301), Read()),
    "the old datum, in the plane": (in_epsg_gpkg(30169), Read()),
    "of the web": (in_epsg_gpkg(3857), Read()),
    "two tables": (two_tables, Refused("--table.*2: 区立公園, 都立公園")),
    "two tables, one said": (two_tables, Read("乙公園", hints=Hints(table="都立公園"))),
    "a table that is not there": (packaged(), Refused("--table.*parks", hints=Hints(table="公園"))),
    "a view beside the table": (altered(VIEW, *REGISTERED), Refused("--table.*2: parks, 見る")),
    "a view, said": (altered(VIEW, *REGISTERED), Read(hints=Hints(table="見る"))),
    "a view that nobody registered": (altered(VIEW), Read()),
    "no table registered": (
        altered("DELETE FROM gpkg_geometry_columns", "DELETE FROM gpkg_contents"),
        Refused("holds 0|cannot be read"),
    ),
    "no column of shapes registered": (
        altered("DELETE FROM gpkg_geometry_columns", "UPDATE gpkg_contents SET data_type = 'attributes'"),
        Refused("holds 0|no geometry"),
    ),
    "an undefined plane": (altered(*undefined(-1)), Refused("--crs")),
    "an undefined plane, said": (altered(*undefined(-1)), Read(hints=Hints(crs=6677))),
    "undefined degrees": (altered(*undefined(0)), Refused("--crs")),
    "undefined degrees, said": (altered(*undefined(0)), Read(hints=Hints(crs=6677))),
    "a system that is not in its table": (
        altered("PRAGMA foreign_keys = off", *undefined(12345)), Refused("--crs")
    ),
    "a log beside it that did not come": (altered("PRAGMA journal_mode = WAL"), Read()),
    "cut short": (lambda folder: geopackage(folder, ONE)[:20_000], Refused("cannot be read")),
    "its head alone": (given(b"SQLite format 3\0" + bytes(100)), Refused("cannot be read")),
    "another database": (altered("DROP TABLE gpkg_contents", "DROP TABLE gpkg_geometry_columns"),
                         Refused("holds 0|cannot be read|no geometry")),
    "heights": (packaged(shapes=[wkb(3, z=True)]), Read()),
    "measures": (packaged(shapes=[wkb(3, m=True)]), Read()),
    "both": (packaged(shapes=[wkb(3, z=True, m=True)]), Read()),
    "several parts": (packaged(shapes=[wkb(6)]), Read()),
    "several shapes in one": (packaged(shapes=[wkb(7)]), Refused(r"features\[0\].*甲公園.*Geomet|kind 7")),
    "curves": (packaged(shapes=[wkb(10)]), Read()),
    "an empty shape": (packaged(shapes=[struct.pack("<BII", 1, 3, 0)]), Refused(r"features\[0\].*empty")),
    "a shape that is none": (
        altered("UPDATE parks SET geom = NULL"),
        Refused(r"features\[0\].*None"),
    ),
    "not a number": (not_a_number, Refused(r"features\[0\].*finite")),
    "no name": (altered("UPDATE parks SET name = NULL"), Refused(r"features\[0\].*'name' is missing")),
    "a name that is a number": (packaged({"name": [12], "owner": ["区立"]}), Read("12")),
    "dates, truths and bytes beside": (
        altered(
            "ALTER TABLE parks ADD COLUMN opened DATE",
            "ALTER TABLE parks ADD COLUMN seen DATETIME",
            "ALTER TABLE parks ADD COLUMN fine BOOLEAN",
            "ALTER TABLE parks ADD COLUMN picture BLOB",
            "UPDATE parks SET opened = '1974-10-01', seen = '2026-11-01T00:00:00Z', fine = 1",
            "UPDATE parks SET picture = x'00ff'",
        ),
        Read(),
    ),
    "a date that is none": (
        altered("ALTER TABLE parks ADD COLUMN opened DATE", "UPDATE parks SET opened = '昭和49年'"),
        Read(),
    ),
    "without an index": (packaged(SPATIAL_INDEX="NO"), Read()),
    "columns of Japanese names": (
        packaged({"公園名": ["甲公園"], "所有": ["区立"]}),
        Read(hints=Hints(columns={"name": "公園名", "owner": "所有"})),
    ),
    "one name for all": (packaged({"name": ["甲公園"] * 2, "owner": ["区立"] * 2}), Read("甲公園", "甲公園")),
}  # fmt: skip

ROWS = {
    f"{kind}: {name}": row
    for kind, table in (("GeoJSON", GEOJSON), ("Shapefile", SHAPEFILES), ("GeoPackage", GEOPACKAGES))
    for name, row in table.items()
}


def test_each_format_has_twenty_and_more() -> None:
    assert min(map(len, (GEOJSON, SHAPEFILES, GEOPACKAGES))) > 20


@pytest.mark.filterwarnings("ignore::RuntimeWarning:pyogrio")
@pytest.mark.filterwarnings("ignore::UserWarning:pyogrio")
@pytest.mark.parametrize(("make", "expected"), ROWS.values(), ids=ROWS.keys())
def test_an_office_s_file_is_read_right_or_refused_with_a_way_out(
    tmp_path: Path, make: Callable[[Path], bytes], expected: Read | Refused
) -> None:
    content = make(tmp_path)
    if isinstance(expected, Refused):
        with pytest.raises(LayerFileInvalid, match=expected.told):
            load(content, expected.layer, expected.hints)
        assert stands() == []
        return
    load(content, expected.layer, expected.hints)
    found = stands()
    assert [each.name for each in found] == expected.names
    for each in found:
        assert (each.x, each.y) == pytest.approx(HERE, abs=NEAR)
        assert expected.properties.items() <= each.properties.items()


def test_the_plane_beside_tokyo_s_is_refused_where_the_boundary_is_known(tmp_path: Path) -> None:
    load(words(feature("練馬区", code="131202")).encode(), "boundary")
    with pytest.raises(LayerFileInvalid, match="Only 0 of the 1 features lie in or near the ward"):
        load(shapefile(tmp_path, ONE, crs="EPSG:6676"))


def stands() -> Sequence[Any]:
    statement = text(
        "SELECT name, properties, ST_X(ST_Centroid(shape)) AS x, ST_Y(ST_Centroid(shape)) AS y"
        " FROM place_feature AS feature JOIN layer_version AS version ON version.id = version_id"
        " WHERE is_active ORDER BY feature.id"
    )
    with reading() as session:
        return session.execute(statement).all()
