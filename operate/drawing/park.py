"""Scenes in a park: a swing, a broken branch, graffiti, a morning of picking litter."""

from math import pi, sin
from random import Random

from operate.drawing.canvas import WIDTH, Canvas, blob

HORIZON = 520


def _meadow(canvas: Canvas, random: Random) -> None:
    canvas.sky("#86c5ea", "#eef8f4", HORIZON)
    for x, y in ((300, 130), (1180, 200)):
        for dx, size in ((-80, 50), (0, 76), (86, 54)):
            canvas.disc(x + dx, y, size, "#ffffff", flat=0.62)
    for x in range(-80, WIDTH + 100, 190):
        green = random.choice(("#6f9f62", "#7fae6c", "#8aba78"))
        canvas.box(x + 78, HORIZON - 90, x + 98, HORIZON + 20, "#7c5b3f")
        canvas.polygon(blob(random, x + 88, HORIZON - 150, random.uniform(105, 150)), green)
    canvas.box(0, HORIZON, WIDTH, 1200, "#a9cf83")
    for _ in range(170):
        x, y = random.uniform(0, WIDTH), random.uniform(HORIZON + 20, 1190)
        tall = 6 + (y - HORIZON) / 40
        canvas.line([(x, y), (x + random.uniform(-5, 5), y - tall)], "#8dba69", 4)


def swing(canvas: Canvas, random: Random, is_repaired: bool) -> None:
    """Two swings; one hangs by a single chain. Repaired, both hang level."""
    _meadow(canvas, random)
    canvas.polygon(blob(random, 800, 1030, 640, flat=0.17, rough=0.04), "#d9c49a")
    for x in (300, 1300):
        for foot in (-120, 120):
            canvas.line([(x, 240), (x + foot, 1050)], "#c9542f", 30)
    canvas.line([(280, 240), (1320, 240)], "#e0693f", 36)
    for x, broken in ((600, False), (1000, not is_repaired)):
        left, right = x - 95, x + 95
        if broken:
            canvas.line([(left, 250), (left, 850)], "#6a737b", 9)
            canvas.line([(right, 250), (right + 6, 500), (right - 10, 560)], "#6a737b", 9)
            canvas.line([(left, 850), (left + 138, 985)], "#4d6f9c", 34)
            canvas.line([(left + 138, 975), (left + 190, 1010), (left + 236, 1016)], "#6a737b", 9)
        else:
            for chain in (left, right):
                canvas.line([(chain, 250), (chain, 870)], "#6a737b", 9)
            canvas.line([(left - 14, 880), (right + 14, 880)], "#4d6f9c", 34)


def tree(canvas: Canvas, random: Random, is_repaired: bool) -> None:
    """A big tree with a broken branch that hangs down; repaired, it is cut off cleanly."""
    _meadow(canvas, random)
    canvas.polygon([(0, 1200), (520, HORIZON + 30), (700, HORIZON + 30), (520, 1200)], "#e3d3ae")
    trunk = "#79583c"
    canvas.polygon([(820, 1110), (880, 620), (850, 420), (1010, 420), (985, 640), (1070, 1110)], trunk)
    canvas.line([(930, 560), (1180, 380)], trunk, 60)
    canvas.line([(910, 640), (700, 520)], trunk, 54)
    for x, y, size in ((930, 230, 300), (700, 300, 190), (1190, 300, 220), (1000, 130, 200)):
        canvas.polygon(blob(random, x, y, size, flat=0.85, rough=0.08), random.choice(("#5f9556", "#6aa05e")))
    for _ in range(60):
        canvas.disc(
            930 + random.gauss(0, 210),
            230 + random.gauss(0, 95),
            26,
            random.choice(("#7bb06c", "#558a4e")),
            flat=0.8,
        )
    canvas.line([(910, 640), (700, 520)], trunk, 54)
    if is_repaired:
        canvas.disc(694, 517, 30, "#e2c18e")
        canvas.disc(694, 517, 17, "#d3ab72")
        return
    canvas.polygon([(690, 480), (640, 500), (664, 524), (626, 540), (668, 560), (716, 552)], "#e9cf9f")
    canvas.line([(676, 556), (560, 790), (480, 1010)], trunk, 44)
    canvas.line([(560, 790), (660, 930)], trunk, 26)
    canvas.line([(590, 730), (470, 830)], trunk, 24)
    for x, y, size in ((470, 1040, 120), (670, 960, 92), (440, 860, 96), (560, 1080, 90)):
        canvas.polygon(
            blob(random, x, y, size, flat=0.75, rough=0.16), random.choice(("#7ea65c", "#8a9f52", "#93a85c"))
        )


def graffiti(canvas: Canvas, random: Random, is_repaired: bool) -> None:
    """A storehouse with sprayed loops on its wall; repaired, the wall is freshly painted."""
    _meadow(canvas, random)
    wall, door = ("#f4efe2", "#6f8f82") if is_repaired else ("#e0dacb", "#7d8f88")
    canvas.polygon([(130, 330), (220, 210), (1380, 210), (1470, 330)], "#6d5a50")
    canvas.box(180, 330, 1420, 1030, wall)
    canvas.box(180, 985, 1420, 1030, "#b8b0a0")
    canvas.box(1080, 520, 1320, 985, door, 8)
    canvas.disc(1115, 760, 13, "#e9d9a0")
    for x in range(1104, 1300, 40):
        canvas.box(x, 545, x + 8, 960, "#65807a")
    if is_repaired:
        canvas.shade([(230, 380), (420, 380), (300, 960), (230, 960)], "#ffffff", 0.5)
        return
    for colour, left, top, width in (
        ("#d83a6e", 270, 520, 30),
        ("#2f78c4", 330, 740, 26),
        ("#f0a02a", 300, 880, 20),
    ):
        phase, wave = random.uniform(0, pi), random.uniform(60, 95)
        loops = [
            (left + t * 7 + 46 * sin(t / 5 + phase), top + wave * sin(t / 3.4 + phase) + 16 * sin(t / 9))
            for t in range(100)
        ]
        canvas.line(loops, colour, width)
    star = [
        (840, 420),
        (875, 520),
        (980, 524),
        (896, 590),
        (926, 692),
        (840, 630),
        (752, 692),
        (784, 590),
        (700, 524),
        (806, 520),
        (840, 420),
    ]
    canvas.line(star, "#2d2d34", 20)
    for x in (760, 850, 905):
        canvas.line([(x, 690), (x, 690 + random.uniform(70, 150))], "#2d2d34", 9)


def cleanup(canvas: Canvas, random: Random, is_repaired: bool) -> None:
    """By a pond in the morning: full bags in a row, a broom and tongs. Nothing is broken."""
    _meadow(canvas, random)
    canvas.polygon(blob(random, 1050, 660, 620, flat=0.16, rough=0.03), "#c9dba6")
    canvas.polygon(blob(random, 1050, 655, 580, flat=0.14, rough=0.03), "#7fb7d4")
    for x, y in ((900, 640), (1150, 670), (1300, 650)):
        canvas.line([(x - 60, y), (x + 60, y)], "#b4d8e8", 7)
    canvas.disc(760, 645, 34, "#fdfdfa", flat=0.6)  # a duck on the pond
    canvas.disc(790, 620, 18, "#fdfdfa")
    canvas.polygon([(804, 618), (828, 626), (804, 632)], "#f0a02a")
    for at, x in enumerate((330, 590, 850, 1110)):
        size = random.uniform(125, 142)
        body, fold = (("#f7f8f5", "#d5dcd8"), ("#bfe3d2", "#96c7b1"))[at % 2]
        canvas.shade([(x - 150, 1075), (x + 190, 1075), (x + 150, 1110), (x - 120, 1110)], "#4d6b3a", 0.35)
        canvas.polygon(blob(random, x, 960, size, flat=0.98, rough=0.05), body)
        canvas.polygon([(x - 34, 850), (x - 62, 770), (x - 6, 812), (x + 52, 766), (x + 32, 850)], body)
        canvas.line([(x - 36, 848), (x + 34, 848)], "#d8644a", 14)
        for dx in (-50, 0, 44):
            canvas.line([(x + dx * 0.6, 880), (x + dx, 990)], fold, 7)
    canvas.line([(1330, 560), (1400, 930)], "#b98a55", 20)
    canvas.polygon([(1358, 925), (1436, 910), (1500, 1085), (1352, 1110)], "#d9b25e")
    for dx in range(0, 130, 22):
        canvas.line([(1378 + dx * 0.5, 950), (1366 + dx, 1096)], "#b98f42", 5)
    canvas.line([(1420, 935), (1376, 944)], "#a34a36", 14)
