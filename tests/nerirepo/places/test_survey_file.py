"""Surveyors' files: Shapefiles and GeoPackages, in any coordinates and in the encodings that Japan writes."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy
import pytest
from pyogrio import raw
from sqlalchemy import text

from nerirepo.database.db import reading, transaction
from nerirepo.places.collection import Hints, LayerFileInvalid
from nerirepo.places.load import Loaded, load_layer
from nerirepo.places.try_layer import Past, try_layer
from nerirepo.places.versions import VersionUnknown, switch, versions

pytestmark = pytest.mark.usefixtures("no_layers")

METRES = [(-20000, -28000), (-19000, -28000), (-19000, -27000), (-20000, -27000), (-20000, -28000)]
"""A square kilometre of the ward in EPSG:6677, the plane of Tokyo."""
CENTRE = (139.62, 35.75)
JGD2011_PLANE_9 = "EPSG:6677"

Columns = Mapping[str, Sequence[Any]]
TWO_PARKS: Columns = {"name": ["甲公園", "表通り公園"], "owner": ["区立", "都立"]}  # 表 ends in a backslash


def polygon(corners: Sequence[tuple[float, float]]) -> bytes:
    return struct.pack("<BIII", 1, 3, 1, len(corners)) + b"".join(
        struct.pack("<2d", *each) for each in corners
    )


def write(
    file: Path, columns: Columns, *, shapes: Sequence[bytes] = (), crs: str = JGD2011_PLANE_9, **how: Any
) -> Path:
    count = len(next(iter(columns.values())))
    geometry = numpy.array(list(shapes) or [polygon(METRES)] * count, object)
    values = [numpy.array(each, object if isinstance(each[0], str) else float) for each in columns.values()]
    raw.write(file, geometry, values, list(columns), geometry_type="Polygon", crs=crs, **how)
    return file


def geopackage(folder: Path, columns: Columns = TWO_PARKS, **how: Any) -> bytes:
    return write(folder / "parks.gpkg", columns, driver="GPKG", **how).read_bytes()


def shapefile(
    folder: Path,
    columns: Columns = TWO_PARKS,
    *,
    encoding: str = "CP932",
    leave_out: tuple[str, ...] = (".cpg",),
    name: str = "公園",
    **how: Any,
) -> bytes:
    """A zipped Shapefile; by default without the .cpg that would say its encoding, as most are."""
    write(folder / "parks.shp", columns, driver="ESRI Shapefile", encoding=encoding, **how)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in folder.glob("parks.*"):
            if part.suffix not in leave_out:
                archive.write(part, f"納品/{name}{part.suffix.upper()}")
    return packed.getvalue()


def load(content: bytes, layer: str = "parks", hints: Hints | None = None) -> Loaded:
    with transaction() as session:
        return load_layer(session, io.BytesIO(content), layer, "parks.zip", hints or Hints())


def standing() -> list[tuple[str, dict[str, Any], tuple[float, float]]]:
    """Name, properties and rounded centre of what is active."""
    statement = text(
        "SELECT name, properties, ST_X(ST_Centroid(shape)) AS x, ST_Y(ST_Centroid(shape)) AS y"
        " FROM place_feature AS feature JOIN layer_version AS version ON version.id = version_id"
        " WHERE is_active ORDER BY feature.id"
    )
    with reading() as session:
        rows = session.execute(statement).all()
    return [(row.name, row.properties, (round(row.x, 2), round(row.y, 2))) for row in rows]


EXPECTED = [("甲公園", {"owner": "区立"}, CENTRE), ("表通り公園", {"owner": "都立"}, CENTRE)]


@pytest.mark.parametrize("encoding", ["CP932", "UTF-8"])
@pytest.mark.parametrize("leave_out", [(), (".cpg",)], ids=["said", "not said"])
def test_a_shapefile_s_words_are_read_whether_or_not_it_says_its_encoding(
    tmp_path: Path, encoding: str, leave_out: tuple[str, ...]
) -> None:
    load(shapefile(tmp_path, encoding=encoding, leave_out=leave_out))
    assert standing() == EXPECTED


def test_a_geopackage_is_read(tmp_path: Path) -> None:
    load(geopackage(tmp_path))
    assert standing() == EXPECTED


@pytest.mark.parametrize("epsg", [6668, 4301, 30169, 2451, 3857, 32654])
def test_any_coordinates_come_to_lie_where_they_belong(tmp_path: Path, epsg: int) -> None:
    # PostGIS makes the same square in the other system; old Tokyo lies 400 m beside today's degrees.
    with reading() as session:
        wkb = session.execute(
            text("SELECT ST_AsBinary(ST_Transform(ST_GeomFromWKB(:square, 6677), :srid), 'NDR')"),
            {"square": polygon(METRES), "srid": epsg},
        ).scalar_one()
    columns = {"name": ["甲公園"], "owner": ["区立"]}
    load(geopackage(tmp_path, columns, shapes=[bytes(wkb)], crs=f"EPSG:{epsg}"))
    assert [centre for _, _, centre in standing()] == [CENTRE]


def test_a_system_of_somebody_s_own_that_has_no_number_is_understood_by_its_words(tmp_path: Path) -> None:
    shifted = [(x + 500_000, y) for x, y in METRES]
    own = (
        'PROJCS["our own",GEOGCS["JGD2011",DATUM["Japanese_Geodetic_Datum_2011",'
        'SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["latitude_of_origin",36],PARAMETER["central_meridian",139.833333333333],'
        'PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",500000],'
        'PARAMETER["false_northing",0],UNIT["metre",1]]'
    )
    columns = {"name": ["甲公園"], "owner": ["区立"]}
    load(shapefile(tmp_path, columns, shapes=[polygon(shifted)], crs=own))
    assert [centre for _, _, centre in standing()] == [CENTRE]


def test_columns_of_other_names_and_values_that_hold_for_all_can_be_said(tmp_path: Path) -> None:
    content = shapefile(tmp_path, {"公園名": ["甲公園"], "面積": [12.5]})
    load(content, hints=Hints(columns={"name": "公園名"}, values={"owner": "区立"}))
    assert standing() == [("甲公園", {"owner": "区立"}, CENTRE)]


def test_what_a_file_does_not_say_a_person_can(tmp_path: Path) -> None:
    content = shapefile(tmp_path, leave_out=(".cpg", ".prj"))
    with pytest.raises(LayerFileInvalid, match="--crs"):
        load(content)
    load(content, hints=Hints(crs=6677))
    assert standing() == EXPECTED


def test_of_several_tables_one_must_be_chosen(tmp_path: Path) -> None:
    geopackage(tmp_path, layer="区立公園")
    content = geopackage(tmp_path, {"name": ["乙公園"], "owner": ["都立"]}, layer="都立公園", append=True)
    with pytest.raises(LayerFileInvalid, match=r"2: 区立公園, 都立公園"):
        load(content)
    load(content, hints=Hints(table="都立公園"))
    assert [name for name, _, _ in standing()] == ["乙公園"]


def without(content: bytes, ending: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            if not name.lower().endswith(ending):
                new.writestr(name, old.read(name))
    return packed.getvalue()


BAD = {
    "a bare .shp": (lambda _: b"\0\0\x27\x0a" + bytes(200), r"\.zip"),
    "a broken archive": (lambda folder: shapefile(folder)[:300], "archive"),
    "an archive of something else": (lambda folder: without(shapefile(folder), ".shp"), "no .shp"),
    "without its words": (lambda folder: without(shapefile(folder), ".dbf"), r"lacks .*\.dbf"),
    "a broken GeoPackage": (lambda folder: geopackage(folder)[:5000], "GeoPackage|cannot be read"),
    "words in no encoding": (
        lambda folder: shapefile(folder, {"name": ["Café A"], "owner": ["é é"]}, encoding="ISO-8859-1"),
        "--encoding",
    ),
    "a road for a park": (
        lambda folder: write(
            folder / "roads.gpkg",
            {"name": ["道"], "owner": ["区立"]},
            shapes=[struct.pack("<BII4d", 1, 2, 2, *METRES[0], *METRES[1])],
            driver="GPKG",
        ).read_bytes(),
        r"features\[0\].*LineString; parks takes",
    ),
    "a park without an owner": (
        lambda folder: geopackage(folder, {"name": ["甲公園", "乙公園"], "owner": ["区立", ""]}),
        r"features\[1\].*乙公園.*owner",
    ),
    "no shape": (
        lambda folder: geopackage(
            folder, {"name": ["甲公園", "乙公園"], "owner": ["区立", "区立"]}, shapes=[polygon(METRES), None]
        ),
        r"features\[1\].*geometry is None",
    ),
    "metres called degrees": (lambda folder: geopackage(folder, crs="EPSG:6668"), "not in Japan"),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # pyogrio's, while it writes what is meant to be wrong
@pytest.mark.parametrize(("make", "told"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_the_feature_and_the_reason_and_changes_nothing(
    tmp_path: Path, make: Any, told: str
) -> None:
    (tmp_path / "good").mkdir()
    load(geopackage(tmp_path / "good"))
    with pytest.raises(LayerFileInvalid, match=told):
        load(make(tmp_path))
    assert standing() == EXPECTED
    with reading() as session:
        assert len(versions(session)) == 1


def test_a_layer_goes_back_to_an_earlier_version_as_a_whole(tmp_path: Path) -> None:
    first = load(geopackage(tmp_path)).version
    (tmp_path / "later").mkdir()
    second = load(geopackage(tmp_path / "later", {"name": ["丙公園"], "owner": ["区立"]})).version
    with transaction() as session:
        assert switch(session, first).is_active
    assert standing() == EXPECTED
    with reading() as session:
        assert [(each.id, each.is_active) for each in versions(session)] == [(second, False), (first, True)]
    with transaction() as session, pytest.raises(VersionUnknown):
        switch(session, 999_999)


@pytest.fixture
def whole_ward(no_layers: None) -> None:
    from nerirepo.base.settings import settings
    from operate.ward import ward_folder

    for layer, path in ward_folder.read(settings().ward).layers.items():
        with transaction() as session, path.open("rb") as file:
            load_layer(session, file, layer, path.name)


@pytest.mark.usefixtures("whole_ward")
def test_trying_a_file_tells_what_would_be_routed_differently_and_changes_nothing(tmp_path: Path) -> None:
    lon, lat = 139.6206, 35.7523  # in the square
    past = [
        Past("inside", lat, lon, "park.equipment", {}),
        Past("elsewhere", 35.7352, 139.6520, "park.equipment", {}),
    ]
    metropolitan = geopackage(tmp_path, {"name": ["大公園"], "owner": ["都立"]})
    before = standing()
    heard: list[Loaded] = []
    with transaction() as session:
        found, unchanged = try_layer(
            session, io.BytesIO(metropolitan), "parks", "parks.gpkg", past, tell=heard.append
        )
    assert "光が丘公園" in heard[0].lost
    assert unchanged is None
    assert found
    assert found.past.label == "inside"
    assert (found.before.office, found.after.office) == ("parks", "tokyo_parks")
    assert standing() == before


@pytest.mark.usefixtures("whole_ward")
def test_trying_a_bad_file_tells_why_and_changes_nothing() -> None:
    before = standing()
    with transaction() as session, pytest.raises(LayerFileInvalid):
        list(try_layer(session, io.BytesIO(b"{}"), "parks", "parks.geojson", []))
    assert standing() == before
