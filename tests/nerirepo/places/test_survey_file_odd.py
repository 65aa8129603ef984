"""What offices deliver is read as it is meant, or refused with the reason and the way out."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from nerirepo.database.db import transaction
from nerirepo.places.collection import Hints, LayerFileInvalid
from nerirepo.places.load import load_layer
from tests.nerirepo.places.test_survey_file import METRES, geopackage, load, polygon, shapefile, standing

pytestmark = pytest.mark.usefixtures("no_layers")

SQUARE = [[139.61, 35.74], [139.63, 35.74], [139.63, 35.76], [139.61, 35.76], [139.61, 35.74]]
NORTH_FIRST = [(y, x) for x, y in METRES]


def geojson(name: str = "甲公園", ring: list[list[float]] = SQUARE, **properties: Any) -> bytes:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {
        "type": "Feature",
        "properties": {"name": name, "owner": "区立"} | properties,
        "geometry": geometry,
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False).encode()


def boundary() -> None:
    load(geojson(code="131202"), "boundary")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_geojson_of_any_program_is_read(encoding: str) -> None:
    load(geojson().decode().encode(encoding))
    assert [name for name, _, _ in standing()] == ["甲公園"]


@pytest.mark.parametrize("begins", [b"<?xml version='1.0'?><kml/>", b"  <gml/>"])
def test_xml_is_refused_with_the_way_out(begins: bytes) -> None:
    with pytest.raises(LayerFileInvalid, match="ogr2ogr"):
        load(begins)


@pytest.mark.parametrize("hints", [{"name": "路線名称"}, {"name": "name", "owner": "管理"}, {"nam": "name"}])
def test_a_column_that_is_not_there_is_told_with_those_that_are(hints: dict[str, str]) -> None:
    with pytest.raises(LayerFileInvalid, match=r"has: .*name"):
        load(geojson(), hints=Hints(columns=hints))
    assert standing() == []


@pytest.mark.parametrize("encoding", ["UTF-8", "CP932", "EUC-JP"])
def test_words_of_a_shapefile_are_read_in_each_encoding_of_japan(tmp_path: Path, encoding: str) -> None:
    columns = {"name": ["光が丘公園", "大泉中央公園"], "owner": ["都立", "都立"]}
    load(shapefile(tmp_path, columns, encoding=encoding))
    assert [name for name, _, _ in standing()] == columns["name"]


@pytest.mark.parametrize(("encoding", "cut"), [("UTF-8", 11), ("CP932", 9)])
@pytest.mark.parametrize("said", [None, "as it is"])
def test_a_letter_that_was_cut_is_dropped(tmp_path: Path, encoding: str, cut: int, said: str | None) -> None:
    whole = "公園の管理者と台帳"
    content = shapefile(tmp_path, {"name": ["甲公園"], "owner": ["区立"], "memo": [whole]}, encoding=encoding)
    load(cut_in_dbf(content, whole.encode(encoding), cut), hints=Hints(encoding=encoding if said else None))
    assert [name for name, _, _ in standing()] == ["甲公園"]


def cut_in_dbf(content: bytes, value: bytes, length: int) -> bytes:
    """The archive with a value that ends after so many bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.lower().endswith(".dbf"):
                assert value in part
                part = part.replace(value, value[:length].ljust(len(value)))
            new.writestr(name, part)
    return packed.getvalue()


def test_names_of_an_archive_that_are_in_cp932_are_read(tmp_path: Path) -> None:
    content = shapefile(tmp_path)
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(plain, "w") as new:
        for name in old.namelist():
            for stem in ("AAAA", "BBBB"):
                new.writestr(stem + Path(name).suffix, old.read(name))
    # Written over, so that the flag that would say UTF-8 is not set.
    packed = plain.getvalue().replace(b"AAAA.", "公園".encode("cp932") + b".")
    with pytest.raises(LayerFileInvalid, match=r"2: BBBB, 公園"):
        load(packed)
    load(packed, hints=Hints(table="公園"))
    assert len(standing()) == 2


def test_a_layer_with_north_first_is_refused_and_why_is_said(tmp_path: Path) -> None:
    boundary()
    columns = {"name": ["甲公園"], "owner": ["区立"]}
    content = geopackage(tmp_path, columns, shapes=[polygon(NORTH_FIRST)])
    with pytest.raises(LayerFileInvalid, match=r"0 of the 1 features.*exchanged.*--force"):
        load(content)
    with transaction() as session:
        load_layer(session, io.BytesIO(content), "parks", "parks.gpkg", force=True)
    assert len(standing()) == 2


def test_a_boundary_that_holds_nothing_that_stands_is_refused(tmp_path: Path) -> None:
    load(geojson("光が丘"), "towns")
    columns = {"name": ["練馬区"], "code": ["131202"]}
    content = geopackage(tmp_path, columns, shapes=[polygon(NORTH_FIRST)])
    with pytest.raises(LayerFileInvalid, match=r"None of the 1 towns.*exchanged"):
        load(content, "boundary")
    boundary()


def test_a_view_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nerirepo.places.survey_file.LONGEST_VIEW", 0.0)
    file = tmp_path / "view.gpkg"
    file.write_bytes(geopackage(tmp_path))
    with sqlite3.connect(file) as database:
        database.execute(
            "CREATE VIEW endless AS"
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT * FROM n"
        )
    with pytest.raises(LayerFileInvalid, match=r"endless.*export"):
        load(file.read_bytes())


def with_cpg(content: bytes, says: str) -> bytes:
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("納品/公園.cpg", says)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("encoding", "says", "name"),
    [
        ("EUC-JP", "EUC-JP", "ｱﾘｽの丘公園"),  # half-width kana look like nothing that EUC-JP is known by
        ("EUC-JP", "20932", "ｱﾘｽの丘公園"),
        ("CP932", "SJIS", "髙松①号公園"),
        ("CP932", "932", "髙松①号公園"),
        ("CP932", "ANSI 932\r\n", "髙松①号公園"),
        ("UTF-8", "65001", "髙松①号公園"),
        ("CP932", "UTF-8", "髙松①号公園"),  # what it says is not so
        ("CP932", "ISO-8859-1", "髙松①号公園"),
        ("CP932", "x-nonsense", "髙松①号公園"),
    ],
)
def test_what_a_shapefile_says_of_its_encoding_is_honoured_where_it_can_be(
    tmp_path: Path, encoding: str, says: str, name: str
) -> None:
    content = shapefile(tmp_path, {"name": [name], "owner": ["区立"]}, encoding=encoding)
    load(with_cpg(content, says))
    assert [name for name, _, _ in standing()] == [name]


@pytest.mark.parametrize("said", ["sjis", "Shift_JIS", "MS932", "932"])
def test_a_person_may_call_an_encoding_as_programs_do(tmp_path: Path, said: str) -> None:
    content = shapefile(tmp_path, {"name": ["髙松①号公園"], "owner": ["区立"]})
    load(content, hints=Hints(encoding=said))
    assert [name for name, _, _ in standing()] == ["髙松①号公園"]
