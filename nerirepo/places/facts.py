"""What geometry says of a point, as plain values: the answer of `locate`, the input of `routing`."""

from dataclasses import dataclass

NEAR_M = 30.0
"""Metres within which a road or a facility counts: half of the widest street, and a phone's usual error."""

JAPAN_LATITUDES = (20.0, 46.0)
JAPAN_LONGITUDES = (122.0, 154.0)


def is_in_japan(lat: float, lon: float) -> bool:
    """Whether the point lies in the box around Japan. The ranges do not overlap: exchanged values fail."""
    return (
        JAPAN_LATITUDES[0] <= lat <= JAPAN_LATITUDES[1] and JAPAN_LONGITUDES[0] <= lon <= JAPAN_LONGITUDES[1]
    )


@dataclass(frozen=True)
class Neighbour:
    """The municipality in which a point outside the ward lies."""

    name: str
    code: str | None = None
    manager: str | None = None
    """Code of the manager who stands for it, where the ward knows one."""


@dataclass(frozen=True)
class Park:
    name: str
    owner: str
    """As the layer says: 区立, 都立 ..."""


@dataclass(frozen=True)
class Road:
    name: str
    road_class: str
    """As the layer says: 区道, 都道, 国道, 私道 ..."""
    width_m: float | None
    distance_m: float
    """From the centre line."""

    @property
    def beside_m(self) -> float:
        """From the road's edge; 0 on the road itself. An unknown width counts as none."""
        return max(0.0, self.distance_m - (self.width_m or 0.0) / 2)


@dataclass(frozen=True)
class Facility:
    name: str
    kind: str
    distance_m: float


@dataclass(frozen=True)
class PlaceFacts:
    """Lists are ordered by distance. `border`: within the margin of the boundary, inside or outside."""

    lat: float
    lon: float
    inside: bool
    border: bool
    distance_outside_m: float
    """0 inside."""
    town: str | None = None
    """Known inside and in the border's margin."""
    neighbour: Neighbour | None = None
    """Known outside only."""
    parks: tuple[Park, ...] = ()
    """Those that contain the point."""
    roads: tuple[Road, ...] = ()
    facilities: tuple[Facility, ...] = ()
