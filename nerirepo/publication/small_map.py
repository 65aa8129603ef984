"""Where is it? A small map from the ward's own lines, drawn on the server: no tiles, no program."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from nerirepo.publication.read.surroundings import Centre, Shape, around

HALF_WIDTH, HALF_HEIGHT = 640, 400
"""Metres: a walk of ten minutes around, and on a phone wide enough for two or three towns' names."""

_LETTER = 46
"""Height of a letter, in metres of the map: about 12 px on a phone."""
_KEEP_FREE = 60
"""Around the marker."""
MARGIN = 40
"""Shapes reach so far beyond the frame, so that an outline is not drawn along it."""
Box = tuple[float, float, float, float]

_NAMED_FIRST = ("towns", "parks", "roads", "neighbours")


@dataclass(frozen=True)
class Label:
    text: str
    layer: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """`viewBox` in metres with the place at 0,0; shapes from the bottom to the top."""

    view_box: str
    shapes: list[Shape]
    labels: list[Label]
    letter: int
    is_exact: bool


def draw_around(session: Session, centre: Centre, *, is_exact: bool) -> Drawing:
    """What is around a place; `is_exact`: it is the report's own, and not its town's middle."""
    shapes = around(session, centre, HALF_WIDTH + MARGIN, HALF_HEIGHT + MARGIN)
    return draw(shapes, is_exact=is_exact)


def draw(shapes: Iterable[Shape], *, is_exact: bool) -> Drawing:
    shapes = list(shapes)
    order = ("neighbours", "boundary", "parks", "roads")
    return Drawing(
        view_box=f"{-HALF_WIDTH} {-HALF_HEIGHT} {2 * HALF_WIDTH} {2 * HALF_HEIGHT}",
        shapes=[shape for layer in order for shape in shapes if shape.layer == layer and shape.path],
        labels=_labels(shapes),
        letter=_LETTER,
        is_exact=is_exact,
    )


def _labels(shapes: list[Shape]) -> list[Label]:
    """Names that fit without covering each other or the marker; the nearest first."""
    taken: list[Box] = [(-_KEEP_FREE, -2 * _KEEP_FREE, _KEEP_FREE, _KEEP_FREE)]
    labels: list[Label] = []
    for shape in sorted(shapes, key=_importance):
        if shape.layer not in _NAMED_FIRST or any(label.text == shape.name for label in labels):
            continue
        for x, y, box in _places(shape):
            if not any(_overlap(box, other) for other in taken):
                taken.append(box)
                labels.append(Label(shape.name, shape.layer, round(x), round(y)))
                break
    return labels


def _places(shape: Shape) -> Iterator[tuple[float, float, Box]]:
    """Where its name could stand: at its point, or a line below or above; wholly within the frame."""
    half = _width(shape.name) / 2
    if abs(shape.x) > HALF_WIDTH or abs(shape.y) > HALF_HEIGHT or half > HALF_WIDTH - 10:
        return
    x = min(max(shape.x, -HALF_WIDTH + half + 10), HALF_WIDTH - half - 10)
    for lower in (0, 1.5 * _LETTER, -1.5 * _LETTER):
        y = min(max(shape.y + lower, -HALF_HEIGHT + _LETTER), HALF_HEIGHT - 20)
        yield x, y, (x - half, y - _LETTER, x + half, y + 10)


def _importance(shape: Shape) -> tuple[int, float]:
    layer = _NAMED_FIRST.index(shape.layer) if shape.layer in _NAMED_FIRST else len(_NAMED_FIRST)
    return layer, shape.x**2 + shape.y**2


def _width(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return _LETTER * (wide + (len(text) - wide) * 0.6)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
