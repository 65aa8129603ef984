"""The map as a picture whose circles are links: for everyone, before any program runs, and without one."""

from dataclasses import dataclass

from sqlmodel import Session

from nerirepo.publication import read
from nerirepo.publication.read import Circle, Filters, Frame, PublicReport, Shape
from nerirepo.reports.status import PublicGroup, Status, marker
from nerirepo.words.fields import Coordinates
from web_public.page_context import PageContext

_NARROW = 328
"""Pixels: the picture on a phone of 360. A letter and a circle are as large there as a finger needs."""
_LETTER = 13
_RADIUS = 13
_LARGEST_RADIUS = 19
_ORDER = ("neighbours", "boundary", "parks", "roads")


@dataclass(frozen=True)
class Mark:
    x: int
    y: int
    radius: int
    text: str
    """The number; empty for one report, which is drawn as its status."""
    shape: str | None
    url: str
    label: str


@dataclass(frozen=True)
class Picture:
    """Metres from the north-west corner."""

    width: int
    height: int
    metres_per_pixel: float
    shapes: list[Shape]
    marks: list[Mark]
    is_part: bool
    bbox: tuple[float, float, float, float]

    @property
    def letter(self) -> int:
        return round(_LETTER * self.metres_per_pixel)


def draw(session: Session, visit: PageContext, filters: Filters, items: list[PublicReport]) -> Picture | None:
    """None while there is no boundary. What is not counted is drawn as far as it is on the list."""
    whole = read.whole_ward(session)
    if whole is None:
        return None
    frame = Frame.around(filters.bbox) if filters.bbox else whole
    scale = frame.width / _NARROW
    tops = {each.code for each in visit.ward.categories if not each.parent_code}
    if filters.is_counted and filters.category in {None, *tops}:
        found = read.circles(session, frame, filters)
        marks = [_circle(visit, frame, each, scale) for each in found if frame.holds(each.lat, each.lon)]
    else:
        marks = [_single(visit, frame, each, point, scale) for each in items if (point := each["point"])]
    shapes = read.ground(session, frame)
    return Picture(
        width=round(frame.width),
        height=round(frame.height),
        metres_per_pixel=scale,
        shapes=[shape for layer in _ORDER for shape in shapes if shape.layer == layer],
        marks=marks,
        is_part=filters.bbox is not None,
        bbox=(frame.west, frame.south, frame.east, frame.north),
    )


def _circle(visit: PageContext, frame: Frame, circle: Circle, scale: float) -> Mark:
    west, south, east, north = circle.bbox
    # Near the middle of its cell, so that neighbours never cover each other.
    lat = _towards_the_middle(circle.lat, south, north)
    lon = _towards_the_middle(circle.lon, west, east)
    x, y = frame.at(lat, lon)
    if circle.status:
        told = visit.t(f"status.{circle.status}")
    else:
        told = visit.t("map.separator").join(
            f"{visit.t(f'group.{group}')} {circle.groups[group]}"
            for group in PublicGroup
            if group in circle.groups
        )
    radius = min(_RADIUS + 2 * (len(str(circle.count)) - 1), _LARGEST_RADIUS)
    box = ",".join(f"{edge:.5f}" for edge in circle.bbox)
    return Mark(
        x=round(x),
        y=round(y),
        radius=round(radius * scale),
        text="" if circle.status else str(circle.count),
        shape=marker(Status(circle.status)) if circle.status else None,
        url=visit.with_filter(bbox=box),
        label=visit.t("map.circle", count=circle.count, groups=told),
    )


def _single(visit: PageContext, frame: Frame, item: PublicReport, point: Coordinates, scale: float) -> Mark:
    x, y = frame.at(point["lat"], point["lon"])
    return Mark(
        x=round(x),
        y=round(y),
        radius=round(_RADIUS * scale),
        text="",
        shape=marker(Status(item["status"])),
        url=visit.link(f"/reports/{item['number']}"),
        label=f"{item['category']['name']} {visit.t('status.' + item['status'])} {item['number']}",
    )


def _towards_the_middle(where: float, low: float, high: float) -> float:
    middle, reach = (low + high) / 2, (high - low) / 5
    return min(max(where, middle - reach), middle + reach)
