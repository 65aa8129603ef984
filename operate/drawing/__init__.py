"""Pictures for sample reports, drawn and not photographed: no real place, home or person is in them."""

from collections.abc import Callable, Mapping
from random import Random

from PIL import Image

from operate.drawing import park, street
from operate.drawing.canvas import Canvas

Scene = Callable[[Canvas, Random, bool], None]

SCENES: Mapping[str, Scene] = {
    "pothole": street.pothole,
    "lamp": street.lamp,
    "sign": street.sign,
    "dumping": street.dumping,
    "swing": park.swing,
    "tree": park.tree,
    "graffiti": park.graffiti,
    "cleanup": park.cleanup,
}
"""What can be drawn, by the name that `samples.toml` uses."""


def draw(kind: str, seed: str, *, is_repaired: bool = False) -> Image.Image:
    """A picture of 1600 x 1200 pixels, always the same for a seed; the repaired one shows the same place."""
    canvas = Canvas()
    SCENES[kind](canvas, Random(seed), is_repaired)
    return canvas.finished()
