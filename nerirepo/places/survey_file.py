# pyright: basic
# GDAL has no types.
"""What stands in a Shapefile (zipped) or a GeoPackage? The formats in which surveyors hand over their work.

GDAL reads them, through pyogrio. A Shapefile seldom says in which encoding its words are (.cpg), and when it
does it is not always so: they are in that if they can be, else UTF-8, else CP932, which Japanese programs
write, or EUC-JP; else somebody must say.
"""

import codecs
import re
import reprlib
import shutil
import sqlite3
import tempfile
import time
import zipfile
from contextlib import closing
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import numpy
import pyogrio
from pyogrio import raw
from pyogrio.errors import DataLayerError, DataSourceError

from nerirepo.places import wkb
from nerirepo.places.collection import Collection, Hints, LayerFileInvalid
from nerirepo.places.japanese import likely

LARGEST = 1024**3
"""Bytes unpacked; all roads of Tokyo are a third of it."""

NEEDED = (".shp", ".shx", ".dbf")
TAKEN = (*NEEDED, ".prj", ".cpg")
ENCODINGS = ("utf-8", "cp932")
SAYS_UTF_8 = 0x800
"""The flag of an archive's entry."""
LONGEST_VIEW = 10.0
"""Seconds to read all of a view."""
AS_THEY_ARE = "ISO-8859-1"
"""Makes one character of each byte, whatever it stands for."""


def read_archive(content: bytes, hints: Hints) -> Collection:
    """The features of a zipped Shapefile, unchecked. Raises `LayerFileInvalid`."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                shapefile = _unpacked(archive, Path(folder), hints.table)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise LayerFileInvalid(f"The archive cannot be unpacked: {error}") from error
        return _read(shapefile, None, hints, encoding=AS_THEY_ARE, said=_encoding_said(shapefile))


def read_geopackage(content: bytes, hints: Hints) -> Collection:
    """The features of one table of a GeoPackage, unchecked. Raises `LayerFileInvalid`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "layer.gpkg")
        file.write_bytes(content)
        _refuse_endless_views(file)
        try:
            tables = [str(name) for name, shape in pyogrio.list_layers(file) if shape is not None]
        except DataSourceError as error:
            raise LayerFileInvalid(f"The GeoPackage cannot be read: {error}") from error
        return _read(file, _chosen(tables, hints.table), hints, encoding=None)


def _refuse_endless_views(file: Path) -> None:
    """A view is a question, and one may be written that never ends: GDAL would ask it for ever."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as database:
            views = [
                name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
            ]
            for view in views:
                deadline = time.monotonic() + LONGEST_VIEW
                database.set_progress_handler(lambda until=deadline: time.monotonic() > until, 100_000)
                quoted = view.replace('"', '""')
                try:
                    database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()
                except sqlite3.Error as error:
                    raise LayerFileInvalid(
                        f"The GeoPackage's view {reprlib.repr(view)} cannot be read to its end ({error}): "
                        "export what it shows as a table"
                    ) from error
    except sqlite3.Error as error:
        raise LayerFileInvalid(f"The GeoPackage cannot be read: {error}") from error


def _chosen(found: list[str], wanted: str | None) -> str:
    if wanted in found:
        return wanted
    if wanted is None and len(found) == 1:
        return found[0]
    raise LayerFileInvalid(f"Say which (--table), the file holds {len(found)}: {', '.join(sorted(found))}")


def _unpacked(archive: zipfile.ZipFile, folder: Path, wanted: str | None) -> Path:
    """The chosen Shapefile's parts under names of our own."""
    if sum(each.file_size for each in archive.infolist()) > LARGEST:
        raise LayerFileInvalid(f"Unpacked the archive has more than {LARGEST // 1024**2} MiB.")
    entries = {
        PurePosixPath(_name(each)): each
        for each in archive.infolist()
        if not each.filename.startswith(("__MACOSX/", "."))
    }
    stems = {str(each.with_suffix("")): each for each in entries if each.suffix.lower() == ".shp"}
    if not stems:
        raise LayerFileInvalid("The archive holds no .shp")
    chosen = _chosen(list(stems), wanted)
    parts = {
        each.suffix.lower(): entry for each, entry in entries.items() if str(each.with_suffix("")) == chosen
    }
    if missing := [ending for ending in NEEDED if ending not in parts]:
        raise LayerFileInvalid(f"The archive lacks {chosen}{missing[0]}")
    for ending in TAKEN:
        if ending in parts:
            with archive.open(parts[ending]) as packed, (folder / f"layer{ending}").open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
    return folder / "layer.shp"


def _name(entry: zipfile.ZipInfo) -> str:
    """Japanese programs write names in CP932 or UTF-8 and do not say so; Python then reads them as CP437."""
    if entry.flag_bits & SAYS_UTF_8:
        return entry.filename
    for encoding in ENCODINGS[:2]:
        try:
            # A backslash is how some programs of Windows write a folder, and the second byte of 表.
            return entry.filename.encode("cp437").decode(encoding).replace("\\", "/")
        except UnicodeError:
            continue
    return entry.filename


_PAGES = {"932": "cp932", "943": "cp932", "65001": "utf-8", "20932": "euc_jp", "51932": "euc_jp"}
_SUPERSETS = {"shift_jis": "cp932", "utf-8": "utf-8", "euc_jp": "euc_jp", "euc_jis_2004": "euc_jp"}
"""What Japanese programs write when they say the first: letters like \u2460 are in none of the standards."""


def _encoding_said(shapefile: Path) -> str | None:
    """Of the .cpg beside it, such as `UTF-8`, `SJIS`, `932`, `ANSI 932`; None where it is none or unknown."""
    file = shapefile.with_suffix(".cpg")
    said = file.read_bytes()[:40].decode("ascii", "ignore").strip() if file.exists() else ""
    file.unlink(missing_ok=True)  # GDAL would read the words by it, and refuse what is not so
    try:
        found = _codec(said)
    except LookupError:
        return None
    # Of one byte a letter, as many programs say without being asked: any bytes would be words in it.
    return found if found in {*_PAGES.values(), *_SUPERSETS.values()} else None


def _codec(name: str) -> str:
    """Python's name of an encoding, by the many that it goes under. Raises LookupError."""
    page = re.fullmatch(r"(?:ansi|oem|cp|windows|ms)?[ _-]*(\d+)", name.strip(), re.IGNORECASE)
    if page and page[1] in _PAGES:
        return _PAGES[page[1]]
    found = codecs.lookup(name.strip()).name
    return _SUPERSETS.get(found, found)


def _read(
    file: Path, table: str | None, hints: Hints, *, encoding: str | None, said: str | None = None
) -> Collection:
    try:
        meta, _, shapes, columns = raw.read(file, layer=table, force_2d=True, encoding=encoding)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise LayerFileInvalid(f"The file cannot be read: {error}") from error
    if shapes is None:
        raise LayerFileInvalid("The table holds no geometry.")
    rows = list(zip(*([_plain(each) for each in column] for column in columns), strict=True))
    names = [str(each) for each in meta["fields"]]
    if encoding == AS_THEY_ARE:
        names, rows = _in_words(names, rows, hints.encoding, said)
    if not columns:
        rows = [()] * len(shapes)
    features = [
        {"type": "Feature", "properties": dict(zip(names, row, strict=True)), "geometry": wkb.geometry(shape)}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return Collection(_crs(meta["crs"], hints.crs), features)


_NO_PLACE = re.compile(r'(LOCAL_CS|ENGCRS|ENGINEERINGCRS)\b|\w+\["Undefined ')
"""A plane of nobody knows where, and GeoPackage's srs_id -1 and 0."""


def _crs(found: str | None, said: int | None) -> int | str:
    if found is None or _NO_PLACE.match(found):
        if said is None:
            raise LayerFileInvalid("The file names no coordinate system (.prj): say which with --crs")
        return said
    code = re.fullmatch(r"EPSG:(\d+)", found)
    return int(code[1]) if code else found


def _plain(value: Any) -> Any:
    """A value as JSON has it; NaN is how GDAL's arrays say that a number is missing."""
    if isinstance(value, numpy.datetime64):
        return str(value)
    if isinstance(value, numpy.generic):
        value = value.item()
    return None if value != value else value


def _in_words(
    names: list[str], rows: list[tuple], person: str | None, file: str | None
) -> tuple[list[str], list[tuple]]:
    """In the encoding that a person says, or the first in which every word can be: the file's own before all.

    A name is cut at ten bytes and a value where its column ends, wherever that falls: a letter that is cut
    there is dropped, but only where no encoding fits without.
    """
    try:
        encodings = likely(_all_words(rows)) if person is None else [_codec(person)]
    except LookupError:
        raise LayerFileInvalid(f"There is no encoding {person!r}.") from None
    fault = ""
    first = [] if file is None or person else [(file, True), (file, False)]
    tries = [*first, *((each, is_whole) for is_whole in (True, False) for each in encodings)]
    for encoding, is_whole in tries:
        decoded: list[tuple] = []
        try:
            for row in rows:
                decoded.append(tuple(_decoded(each, encoding, is_whole=is_whole) for each in row))
            return [_decoded(each, encoding, is_whole=False) for each in names], decoded
        except UnicodeDecodeError:
            fault = fault or f"features[{len(decoded)}] is the first"
    tried = person or " nor ".join(encodings)
    raise LayerFileInvalid(f"The words are not in {tried} ({fault}): say in which encoding with --encoding")


def _decoded(value: Any, encoding: str, *, is_whole: bool) -> Any:
    if not isinstance(value, str):
        return value
    return codecs.getincrementaldecoder(encoding)().decode(value.encode(AS_THEY_ARE), final=is_whole)


def _all_words(rows: list[tuple]) -> bytes:
    return b"".join(each.encode(AS_THEY_ARE) for row in rows for each in row if isinstance(each, str))
