"""The features of a file before anybody has looked at them: the one form to which all formats are brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nerirepo.base.errors import Invalid


class LayerFileInvalid(Invalid):
    """This file cannot be loaded as a layer."""

    code = "layer_file_invalid"


@dataclass(frozen=True)
class Collection:
    """`features` are meant to be GeoJSON Features; `crs` is an EPSG number, or WKT where there is none."""

    crs: int | str
    features: list[Any]
    is_approximate: bool = False


@dataclass(frozen=True)
class Hints:
    """What a person says of a file that does not say it itself."""

    encoding: str | None = None
    """Of a Shapefile's words, where they are neither UTF-8 nor CP932."""
    crs: int | None = None
    """EPSG number of the coordinates, for a file that names none."""
    table: str | None = None
    """Which of several tables of a GeoPackage, or Shapefiles of an archive."""
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    """Our property to the file's: {"name": "公園名"}."""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """What holds for every feature: {"owner": "区立"}."""
