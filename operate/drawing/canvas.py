"""A sheet to draw on: shapes in a 1600 x 1200 grid, drawn at twice the size so that edges come out smooth."""

from collections.abc import Sequence
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageOps

WIDTH, HEIGHT = 1600, 1200
SCALE = 2

Point = tuple[float, float]
Colour = str


class Canvas:
    """x to the right, y down, both in pixels of the finished picture."""

    def __init__(self) -> None:
        self._sheet = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self._pen = ImageDraw.Draw(self._sheet)

    def finished(self) -> Image.Image:
        return self._sheet.reduce(SCALE)

    def sky(self, above: Colour, below: Colour, horizon: float = HEIGHT) -> None:
        """Fades from the top edge down to the horizon."""
        fade = ImageOps.colorize(Image.linear_gradient("L"), above, below)
        self._sheet.paste(fade.resize((WIDTH * SCALE, round(horizon * SCALE))))

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._pen.polygon(_scaled(points), fill=colour)

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: Colour, round_by: float = 0
    ) -> None:
        corners = [left * SCALE, top * SCALE, right * SCALE, bottom * SCALE]
        self._pen.rounded_rectangle(corners, round_by * SCALE, fill=colour)

    def disc(self, x: float, y: float, across: float, colour: Colour, *, flat: float = 1.0) -> None:
        """`across` is the radius; `flat` below 1 presses it down to an ellipse."""
        tall = across * flat
        corners = [(x - across) * SCALE, (y - tall) * SCALE, (x + across) * SCALE, (y + tall) * SCALE]
        self._pen.ellipse(corners, fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """With round ends and corners."""
        self._pen.line(_scaled(points), fill=colour, width=round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, colour)

    def glow(
        self, x: float, y: float, across: float, colour: Colour, strength: float, *, flat: float = 1.0
    ) -> None:
        """Light that fades outward; `strength` in its middle, 0 to 1."""
        size = (round(2 * across * SCALE), round(2 * across * flat * SCALE))
        # Pillow's radial gradient is 0 in its middle and 181 where its circle ends.
        table = [round(max(0.0, 1 - away / 181) ** 2 * 255 * strength) for away in range(256)]
        fading = Image.radial_gradient("L").point(table)
        place = (round((x - across) * SCALE), round((y - across * flat) * SCALE))
        self._sheet.paste(Image.new("RGB", size, colour), place, fading.resize(size))

    def shade(self, points: Sequence[Point], colour: Colour, strength: float) -> None:
        """A polygon that one can see through."""
        mask = Image.new("L", self._sheet.size)
        ImageDraw.Draw(mask).polygon(_scaled(points), fill=round(255 * strength))
        self._sheet.paste(Image.new("RGB", self._sheet.size, colour), (0, 0), mask)


def blob(
    random: Random, x: float, y: float, across: float, *, flat: float = 1.0, rough: float = 0.15
) -> list[Point]:
    """An uneven round shape, as of a hole, a puddle or a bush."""
    corners = 22
    points = []
    for corner in range(corners):
        away = across * (1 + random.uniform(-rough, rough))
        angle = 2 * pi * corner / corners
        points.append((x + away * cos(angle), y + away * flat * sin(angle)))
    return points


def tilted(points: Sequence[Point], around: Point, degrees: float) -> list[Point]:
    """Turned clockwise around a point."""
    turn = degrees * pi / 180
    (cx, cy), s, c = around, sin(turn), cos(turn)
    return [(cx + (x - cx) * c - (y - cy) * s, cy + (x - cx) * s + (y - cy) * c) for x, y in points]


def _scaled(points: Sequence[Point]) -> list[Point]:
    return [(x * SCALE, y * SCALE) for x, y in points]
