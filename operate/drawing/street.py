"""Scenes on a street: a hole in the road, a dark lamp, a crooked sign, dumped furniture."""

from random import Random

from operate.drawing.canvas import WIDTH, Canvas, blob, tilted

HORIZON = 430

_WALLS = ("#efe6d8", "#e3d3c0", "#d9dfe2", "#f1e3c8", "#dfe6d6")
_ROOFS = ("#8a5a4a", "#5d6b78", "#7a4f3d", "#4f6069")


def _houses(canvas: Canvas, random: Random, *, lights: bool = False) -> None:
    x = -40.0
    while x < WIDTH:
        wide, tall = random.uniform(170, 260), random.uniform(130, 230)
        wall, roof = random.choice(_WALLS), random.choice(_ROOFS)
        if lights:
            wall, roof = "#1d2a47", "#141f38"
        top = HORIZON - tall
        canvas.box(x, top, x + wide, HORIZON + 10, wall)
        canvas.polygon([(x - 16, top), (x + wide / 2, top - 80), (x + wide + 16, top)], roof)
        for at in (0.18, 0.6):
            pane = random.choice(("#f6cf6b", "#26365a", "#26365a")) if lights else "#9fc3d6"
            canvas.box(x + wide * at, top + 40, x + wide * at + 44, top + 92, pane, 4)
        x += wide + random.uniform(6, 26)


def _road(canvas: Canvas, random: Random, *, dark: bool = False) -> None:
    verge, kerb, asphalt, paint = (
        ("#18233c", "#3a4358", "#242b3b", "#5c6375") if dark else ("#b8c99a", "#cfccc4", "#75787d", "#f3f1e8")
    )
    canvas.box(0, HORIZON, WIDTH, 1200, verge)
    canvas.polygon([(560, HORIZON), (1040, HORIZON), (1780, 1200), (-180, 1200)], kerb)
    canvas.polygon([(590, HORIZON), (1010, HORIZON), (1660, 1200), (-60, 1200)], asphalt)
    for side, away in ((-1, 0.86), (1, 0.86)):
        near, far = 800 + side * 860 * away, 800 + side * 210 * away
        canvas.polygon([(far, HORIZON), (far + 7, HORIZON), (near + 26, 1200), (near - 8, 1200)], paint)
    speck = "#2b3345" if dark else "#696c71"
    for _ in range(420):
        y = random.uniform(HORIZON + 20, 1195)
        spread = 210 + (y - HORIZON) / (1200 - HORIZON) * 620
        canvas.disc(800 + random.uniform(-spread, spread), y, 1 + (y - HORIZON) / 260, speck, flat=0.6)


def _pavement(canvas: Canvas) -> None:
    canvas.box(0, HORIZON, WIDTH, 520, "#b8c99a")
    canvas.box(0, 520, WIDTH, 1090, "#ddd6c8")
    for y in range(600, 1090, 80 + 16):
        canvas.box(0, y, WIDTH, y + 4, "#cbc3b3")
    for x in range(-700, 2400, 150):
        canvas.line([(800 + (x - 800) * 0.55, 520), (x, 1090)], "#cbc3b3", 4)
    canvas.box(0, 1090, WIDTH, 1112, "#f0ece2")
    canvas.box(0, 1112, WIDTH, 1200, "#75787d")


def _cone(canvas: Canvas, x: float, y: float, tall: float) -> None:
    def band(low: float, high: float, colour: str) -> None:
        wide, narrow = (0.27 * (1 - each) * tall + 7 for each in (low, high))
        foot, head = y - tall * low, y - tall * high
        canvas.polygon([(x - wide, foot), (x - narrow, head), (x + narrow, head), (x + wide, foot)], colour)

    canvas.box(x - tall * 0.4, y - tall * 0.08, x + tall * 0.4, y + tall * 0.06, "#c4491c", 6)
    band(0.06, 1.0, "#f2672a")
    band(0.32, 0.58, "#fff4e6")


def pothole(canvas: Canvas, random: Random, is_repaired: bool) -> None:
    """A hole in the asphalt with cracks around it; repaired, a dark even patch."""
    canvas.sky("#8cc4e8", "#e9f4f7", HORIZON)
    _houses(canvas, random)
    _road(canvas, random)
    x, y = random.uniform(700, 900), random.uniform(820, 880)
    if is_repaired:
        patch = [(x - 270, y - 90), (x + 250, y - 96), (x + 310, y + 112), (x - 330, y + 118)]
        canvas.polygon([(px, py + 5) for px, py in patch], "#5f6267")
        canvas.polygon(patch, "#44474c")
        for _ in range(260):
            canvas.disc(x + random.uniform(-250, 240), y + random.uniform(-84, 104), 2.2, "#54575c", flat=0.6)
        return
    for _ in range(9):
        crack = [(x, y)]
        dx, dy = random.uniform(-1, 1), random.uniform(-0.5, 0.5)
        for _ in range(5):
            px, py = crack[-1]
            crack.append((px + dx * 110 + random.uniform(-28, 28), py + dy * 90 + random.uniform(-16, 16)))
        canvas.line(crack, "#55585c", 6)
    canvas.polygon(blob(random, x, y, 262, flat=0.46), "#8d8f90")
    canvas.polygon(blob(random, x, y + 8, 228, flat=0.43), "#3a3733")
    canvas.polygon(blob(random, x + 8, y + 22, 178, flat=0.36), "#26231f")
    canvas.polygon(blob(random, x + 24, y + 36, 110, flat=0.28, rough=0.06), "#5d7d92")
    canvas.polygon(blob(random, x + 2, y + 30, 36, flat=0.22, rough=0.06), "#a8c4d3")
    for _ in range(16):
        canvas.polygon(
            blob(
                random,
                x + random.uniform(-380, 380),
                y + random.uniform(-130, 150),
                random.uniform(7, 17),
                flat=0.6,
            ),
            "#4c4a47",
        )
    _cone(canvas, x - 420, y + 60, 230)


def lamp(canvas: Canvas, random: Random, is_repaired: bool) -> None:
    """A street at night: the lamp is out; repaired, it lights the road."""
    canvas.sky("#070d22", "#27375f", HORIZON)
    for _ in range(70):
        canvas.disc(random.uniform(0, WIDTH), random.uniform(0, 260), random.uniform(1, 2.6), "#c9d3ee")
    canvas.disc(1310, 150, 52, "#f1ecd2")
    canvas.disc(1334, 138, 46, "#0d1530")
    _houses(canvas, random, lights=True)
    _road(canvas, random, dark=True)
    pole = "#8b93a6" if is_repaired else "#5a6276"
    canvas.box(352, 150, 378, 930, pole, 8)
    canvas.box(330, 900, 400, 950, "#4a5164", 8)
    canvas.line([(365, 165), (430, 130), (640, 126)], pole, 20)
    canvas.polygon([(600, 112), (760, 112), (782, 152), (588, 152)], "#6b7388")
    if is_repaired:
        canvas.shade([(606, 156), (768, 156), (1150, 1010), (240, 1010)], "#ffe9a8", 0.22)
        canvas.glow(690, 985, 560, "#ffe7a0", 0.75, flat=0.34)
        canvas.glow(686, 165, 330, "#fff3c4", 0.95)
        canvas.box(604, 148, 768, 172, "#fffbe6", 12)
    else:
        canvas.box(604, 148, 768, 168, "#2f3648", 10)


def sign(canvas: Canvas, random: Random, is_repaired: bool) -> None:
    """A guide board with a map, leaning; repaired, it stands upright."""
    canvas.sky("#9fd0ec", "#eef7f6", HORIZON)
    _houses(canvas, random)
    _pavement(canvas)
    lean, foot = (0 if is_repaired else 17), (690.0, 1040.0)

    def part(points: list[tuple[float, float]], colour: str) -> None:
        canvas.polygon(tilted(points, foot, lean), colour)

    def plate(left: float, top: float, right: float, bottom: float, colour: str) -> None:
        part([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    canvas.polygon(blob(random, 695, 1040, 250, flat=0.13), "#8f9a6b")
    for x in (520, 840):
        plate(x, 260, x + 30, 1045, "#59636b")
    plate(400, 250, 980, 700, "#2c6e54")
    plate(424, 274, 956, 676, "#f7f5ea")
    plate(440, 290, 940, 350, "#2c6e54")
    plate(440, 366, 940, 660, "#dfe9cf")
    for line in ((440, 480, 940, 506), (590, 366, 614, 660), (770, 366, 790, 660), (440, 580, 940, 598)):
        plate(*line, "#ffffff")
    part([(630, 390), (750, 390), (744, 464), (636, 462)], "#8cbf7c")
    part([(806, 610), (925, 610), (925, 650), (806, 650)], "#93bfd8")
    part([(500, 540), (518, 510), (536, 540), (518, 566)], "#d8432e")
    if not is_repaired:
        part([(812, 366), (940, 366), (940, 474), (880, 450)], "#b9ab95")
        part([(470, 600), (560, 560), (572, 580), (486, 628)], "#a79a86")


def dumping(canvas: Canvas, random: Random, is_repaired: bool) -> None:
    """A chair, a shelf and bags left by a wall; cleared away, flowers are left."""
    canvas.sky("#a9d5ea", "#f0f6ef", 400)
    for x in range(-60, WIDTH, 230):
        canvas.polygon(
            blob(random, x + 110, 360, random.uniform(140, 190), flat=0.8),
            random.choice(("#7fa86a", "#8fb577", "#6f9a5f")),
        )
    canvas.box(0, 380, WIDTH, 850, "#cfc7b8")
    for row in range(5):
        top = 380 + row * 94
        canvas.box(0, top, WIDTH, top + 4, "#b9b0a0")
        for x in range(-100 + row % 2 * 100, WIDTH, 200):
            canvas.box(x, top, x + 4, top + 94, "#b9b0a0")
    canvas.box(0, 366, WIDTH, 392, "#a89f8e")
    canvas.box(0, 850, WIDTH, 1200, "#8c8f92")
    canvas.box(0, 850, WIDTH, 884, "#d8d5cc")
    if is_repaired:
        for x in range(240, 1400, 105):
            top = 790 + random.uniform(-14, 10)
            canvas.line([(x, 866), (x + random.uniform(-12, 12), top)], "#5b8a4c", 8)
            for dx, dy in ((-17, 0), (17, 0), (0, -17), (0, 17)):
                canvas.disc(x + dx, top + dy, 16, random.choice(("#e8739b", "#f3b63f", "#ffffff")))
            canvas.disc(x, top, 12, "#f9d65c")
        canvas.box(190, 852, 1420, 892, "#8a6a4c", 10)
        return
    canvas.shade([(180, 1010), (1440, 1010), (1330, 1060), (250, 1060)], "#3c3f42", 0.35)
    canvas.box(260, 430, 600, 1020, "#8a5c38", 6)  # the shelf
    canvas.box(284, 454, 576, 996, "#5f3d24")
    for top in (610, 790):
        canvas.box(284, top, 576, top + 22, "#8a5c38")
    canvas.polygon([(300, 796), (360, 700), (380, 712), (330, 800)], "#c9a36a")
    for x, colour in ((420, "#4d7aa3"), (462, "#b5483c"), (500, "#5f8f5a")):
        canvas.box(x, 500, x + 34, 610, colour, 3)
    for dx in (0, 250):  # the chair
        canvas.line([(740 + dx, 820), (724 + dx * 1.05, 1040)], "#6d4a2f", 26)
    canvas.box(715, 520, 1010, 800, "#a8543f", 30)
    canvas.box(690, 780, 1040, 880, "#bf6750", 26)
    canvas.polygon([(850, 560), (905, 600), (880, 690), (830, 640)], "#efe2c9")
    for x, y, size, colour in (
        (1150, 950, 120, "#f2f3f0"),
        (1330, 970, 105, "#dfe9f2"),
        (1230, 1020, 88, "#e9ece6"),
    ):
        canvas.polygon(blob(random, x, y, size, flat=0.92, rough=0.07), colour)
        canvas.polygon(
            [
                (x - 30, y - size * 0.8),
                (x - 46, y - size - 46),
                (x, y - size - 10),
                (x + 40, y - size - 50),
                (x + 28, y - size * 0.8),
            ],
            colour,
        )
        canvas.line([(x - 30, y - size * 0.84), (x + 30, y - size * 0.84)], "#9aa39a", 9)
