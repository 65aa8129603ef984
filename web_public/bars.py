"""Numbers as bars: drawn on the server, for eyes; the table behind says the same to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from nerirepo.publication.read import Tally

WIDTH = 360
"""Of the drawing: as wide as a small phone, so that its letters are as large as the page's."""
ROW = 50
_BAR_TOP, _BAR_HEIGHT = 22, 20
_DIGIT = 9
"""The width of one, with some air."""

PARTS = ("fixed", "elsewhere", "open")
"""From left to right: fixed; closed without a repair of ours; open."""


@dataclass(frozen=True)
class Part:
    kind: str
    number: int
    x: float
    width: float

    @property
    def is_labelled(self) -> bool:
        """Whether there is room for its number, so that nobody depends on its colour."""
        return self.width >= _DIGIT * (len(str(self.number)) + 0.5)


@dataclass(frozen=True)
class Bar:
    label: str
    number: int
    y: int
    parts: list[Part]


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    height: int
    kinds: tuple[str, ...]
    """Those of `PARTS` that occur."""

    width = WIDTH
    bar_top = _BAR_TOP
    bar_height = _BAR_HEIGHT


def draw(rows: Sequence[tuple[str, Tally]]) -> Chart:
    """One bar for each label and row, from the top; the longest is as wide as the drawing."""
    most = max((tally.received for _, tally in rows), default=0) or 1
    bars = [
        Bar(label, tally.received, position * ROW, _parts(tally, WIDTH / most))
        for position, (label, tally) in enumerate(rows)
    ]
    occurring = {part.kind for bar in bars for part in bar.parts}
    return Chart(bars, len(bars) * ROW, tuple(kind for kind in PARTS if kind in occurring))


def _parts(tally: Tally, scale: float) -> list[Part]:
    elsewhere = (tally.handed_over or 0) + (tally.declined or 0) + (tally.otherwise or 0)
    numbers = (tally.resolved or 0, elsewhere, tally.open or 0)
    parts, x = [], 0.0
    for kind, number in zip(PARTS, numbers, strict=True):
        if number:
            parts.append(Part(kind, number, round(x, 1), round(number * scale, 1)))
            x += number * scale
    return parts
