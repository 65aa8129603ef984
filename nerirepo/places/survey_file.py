"""What stands in a Shapefile (zipped) or a GeoPackage? The formats in which surveyors hand over their work.

GDAL reads them, through pyogrio. A Shapefile seldom says in which encoding its words are, and when it does it
is not always so: they are UTF-8 if they can be, else CP932, which Japanese programs write; else somebody must
say.
"""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import numpy
import pyogrio
from pyogrio import raw
from pyogrio.errors import DataLayerError, DataSourceError

from nerirepo.places import wkb
from nerirepo.places.collection import Collection, Hints, LayerFileInvalid

LARGEST = 1024**3
"""Bytes unpacked; all roads of Tokyo are a third of it."""

NEEDED = (".shp", ".shx", ".dbf")
TAKEN = (*NEEDED, ".prj")
ENCODINGS = ("utf-8", "cp932")
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
        return _read(shapefile, None, hints, encoding=AS_THEY_ARE)


def read_geopackage(content: bytes, hints: Hints) -> Collection:
    """The features of one table of a GeoPackage, unchecked. Raises `LayerFileInvalid`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "layer.gpkg")
        file.write_bytes(content)
        try:
            tables = [str(name) for name, shape in pyogrio.list_layers(file) if shape is not None]
        except DataSourceError as error:
            raise LayerFileInvalid(f"The GeoPackage cannot be read: {error}") from error
        return _read(file, _chosen(tables, hints.table), hints, encoding=None)


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
        PurePosixPath(name): name for name in archive.namelist() if not name.startswith(("__MACOSX/", "."))
    }
    stems = {str(each.with_suffix("")): each for each in entries if each.suffix.lower() == ".shp"}
    if not stems:
        raise LayerFileInvalid("The archive holds no .shp")
    chosen = _chosen(list(stems), wanted)
    parts = {
        each.suffix.lower(): name for each, name in entries.items() if str(each.with_suffix("")) == chosen
    }
    if missing := [ending for ending in NEEDED if ending not in parts]:
        raise LayerFileInvalid(f"The archive lacks {chosen}{missing[0]}")
    for ending in TAKEN:
        if ending in parts:
            with archive.open(parts[ending]) as packed, (folder / f"layer{ending}").open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
    return folder / "layer.shp"


def _read(file: Path, table: str | None, hints: Hints, *, encoding: str | None) -> Collection:
    try:
        meta, _, shapes, columns = raw.read(file, layer=table, force_2d=True, encoding=encoding)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise LayerFileInvalid(f"The file cannot be read: {error}") from error
    if shapes is None:
        raise LayerFileInvalid("The table holds no geometry.")
    rows = list(zip(*([_plain(each) for each in column] for column in columns), strict=True))
    names = [str(each) for each in meta["fields"]]
    if encoding == AS_THEY_ARE:
        names, rows = _in_words(names, rows, hints.encoding)
    if not columns:
        rows = [()] * len(shapes)
    features = [
        {"type": "Feature", "properties": dict(zip(names, row, strict=True)), "geometry": wkb.geometry(shape)}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return Collection(_crs(meta["crs"], hints.crs), features)


def _crs(found: str | None, said: int | None) -> int | str:
    if found is None:
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


def _in_words(names: list[str], rows: list[tuple], said: str | None) -> tuple[list[str], list[tuple]]:
    for encoding in [said] if said else ENCODINGS:
        try:
            decode = _decoder(encoding)
            # A name is cut at ten bytes, wherever that falls.
            return [decode(each, "ignore") for each in names], [tuple(map(decode, row)) for row in rows]
        except UnicodeDecodeError:
            continue
        except LookupError:
            raise LayerFileInvalid(f"There is no encoding {said!r}.") from None
    tried = said or " nor ".join(ENCODINGS)
    raise LayerFileInvalid(f"The words are not in {tried}: say in which encoding with --encoding")


def _decoder(encoding: str) -> Callable[..., Any]:
    def decode(value: Any, errors: str = "strict") -> Any:
        return value.encode(AS_THEY_ARE).decode(encoding, errors) if isinstance(value, str) else value

    return decode
