"""Where on a map tile does a point lie, and which points lie in one tile? Pure arithmetic, Web Mercator.

The world is a square of 2^32 units, 0,0 in its north-west corner: a unit is less than a centimetre. A *cell*
is one of the 2^24 x 2^24 squares into which the world is cut (2.4 m wide here), numbered along a Morton
curve, so that the cells of any tile are one range of numbers and of an index.
"""

from dataclasses import dataclass
from math import asinh, atan, degrees, pi, radians, sinh, tan

WORLD = 1 << 32
CELL_LEVEL = 24
UNITS_OF_A_CELL_BITS = 32 - CELL_LEVEL
_FURTHEST_NORTH = 85.0511
"""Degrees, and south: there the square ends."""


@dataclass(frozen=True)
class Place:
    """Units from the north-west corner, and the cell."""

    x: int
    y: int
    cell: int


def place(lat: float, lon: float) -> Place:
    lat = min(max(lat, -_FURTHEST_NORTH), _FURTHEST_NORTH)
    x = min(int((lon + 180) / 360 * WORLD), WORLD - 1)
    y = min(int((1 - asinh(tan(radians(lat))) / pi) / 2 * WORLD), WORLD - 1)
    return Place(x, y, _interleaved(x >> UNITS_OF_A_CELL_BITS, y >> UNITS_OF_A_CELL_BITS))


@dataclass(frozen=True)
class Tile:
    """A tile of a web map. `x` counts from the west, `y` from the north, both below 2^z."""

    z: int
    x: int
    y: int

    @property
    def units(self) -> int:
        """Its width."""
        return WORLD >> self.z

    def cells(self, level: int = CELL_LEVEL) -> tuple[int, int]:
        """The first of its cells and the first after its last; the world is cut into 2^level squares."""
        bits = 2 * (level - self.z)
        first = _interleaved(self.x, self.y)
        return first << bits, (first + 1) << bits

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        north, south = (latitude(row / (1 << self.z)) for row in (self.y, self.y + 1))
        west, east = (column / (1 << self.z) * 360 - 180 for column in (self.x, self.x + 1))
        return west, south, east, north


def latitude(share: float) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * share))))


def _interleaved(x: int, y: int) -> int:
    """Morton's number: the bits of y and x in turn."""
    return _spread(y) << 1 | _spread(x)


def _spread(value: int) -> int:
    """The 32 bits of `value` with a zero before each."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        value = (value | value << shift) & mask
    return value
