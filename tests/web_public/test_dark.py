"""Whoever reads in the dark reads as well as on paper."""

import io

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Page, expect

from tests.support.axe import AXE
from tests.web_public.every_page import pages_of_every_kind

SCHEMES = ("light", "dark")
WORDS, SHAPES = 4.5, 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11."""
ON_EACH_OTHER = [
    *(
        (words, ground, WORDS)
        for words in ("ink", "ink-soft", "primary-dark")
        for ground in ("paper", "ground")
    ),
    *((words, "primary-light", WORDS) for words in ("ink", "ink-soft", "primary-dark")),
    *(("on-primary", ground, WORDS) for ground in ("primary", "primary-dark")),
    *(
        (group, ground, WORDS)
        for group in ("before", "during", "after")
        for ground in ("paper", f"{group}-light")
    ),
    ("on-focus", "focus", WORDS),
    *((words, "map-halo", WORDS) for words in ("map-words", "map-park-words", "map-road-words")),
    *((words, "map-boundary", WORDS) for words in ("map-words", "map-park-words", "map-road-words")),
    ("map-park-words", "map-parks", WORDS),
    *((shape, "map-boundary", SHAPES) for shape in ("before", "during", "after", "unrepaired", "primary")),
    *((edge, ground, SHAPES) for edge in ("edge", "primary") for ground in ("paper", "ground")),
]
CONTRASTS = """pairs => {
    const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const probe = document.body.appendChild(document.createElement("i"));
    const light = name => {
        probe.style.color = `var(--${name})`;
        pen.fillStyle = getComputedStyle(probe).color;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map(
            part => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    return pairs.map(([one, other]) => light(one) / light(other)).map(ratio => Math.max(ratio, 1 / ratio));
}"""


def too_faint(page: Page) -> list[tuple[str, str, float]]:
    contrasts = page.evaluate(CONTRASTS, [pair[:2] for pair in ON_EACH_OTHER])
    return [
        (one, other, round(contrast, 2))
        for (one, other, wanted), contrast in zip(ON_EACH_OTHER, contrasts, strict=True)
        if contrast < wanted
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_and_shapes_stand_out_from_what_they_stand_on(inspected: Page, scheme: str) -> None:
    inspected.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    inspected.goto("/")
    paper = inspected.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(26, 26, 26)"}[scheme]
    assert too_faint(inspected) == []


def test_the_dark_is_readable_whatever_colour_the_ward_has_chosen(inspected: Page) -> None:
    inspected.emulate_media(color_scheme="dark")
    inspected.goto("/")
    for colour in ("#000000", "#00008b", "#b00020", "#006b3c", "#7a4b00", "#808080", "#ff00ff", "#ffe600"):
        inspected.evaluate("c => document.documentElement.style.setProperty('--ward-primary', c)", colour)
        assert too_faint(inspected) == [], colour


@pytest.mark.long
def test_every_kind_of_page_is_readable_in_the_dark(inspected: Page) -> None:
    inspected.emulate_media(color_scheme="dark")
    faint = []
    for path in (*pages_of_every_kind(), "/report", "/me"):
        inspected.goto(path)
        inspected.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        inspected.add_script_tag(path=AXE)
        found = inspected.evaluate("axe.run({runOnly: ['color-contrast']})")
        assert found["passes"], path
        faint += [(path, node["html"]) for each in found["violations"] for node in each["nodes"]]
    assert faint == []


def test_the_moving_map_is_drawn_in_the_colours_of_the_dark(inspected: Page) -> None:
    pages_of_every_kind()
    inspected.emulate_media(color_scheme="dark")
    inspected.goto("/")
    inspected.get_by_role("button", name="動かせる地図をひらく").click()
    inspected.locator("#map-stage[data-ready]").wait_for()
    expect(inspected.locator("canvas")).to_be_visible()
    drawn = Image.open(io.BytesIO(inspected.locator("canvas").screenshot())).convert("L")
    assert ImageStat.Stat(drawn).median[0] < 80


UNREADABLE_WITH_THE_FOCUS = """() => {
    const light = colour => {
        const [r, g, b] = colour.match(/[0-9.]+/g).map(Number).map(
            part => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    document.querySelectorAll("details").forEach(each => each.open = true);
    const found = [];
    const holders = "a[href]:not(svg a), button, summary, input, [tabindex='0']";
    for (const here of document.querySelectorAll(holders)) {
        if (!here.checkVisibility() || here.type === "hidden") continue;
        if (here.closest(".languages")) document.querySelector(".languages").open = true;
        here.focus({preventScroll: true});
        const ground = light(getComputedStyle(here).backgroundColor);
        if (!here.matches(":focus-visible")) found.push(`not seen: ${here.outerHTML}`);
        for (const each of [here, ...here.querySelectorAll("*")]) {
            const words = light(getComputedStyle(each).color);
            if (Math.max(words, ground) / Math.min(words, ground) < 4.5) found.push(each.outerHTML);
        }
    }
    return found;
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_has_the_focus_can_be_read(inspected: Page, scheme: str) -> None:
    paths = pages_of_every_kind()
    inspected.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    for path in ("/", "/reports?q=x", paths[4], "/help"):
        inspected.goto(path)
        inspected.keyboard.press("Tab")
        assert inspected.evaluate(UNREADABLE_WITH_THE_FOCUS) == [], path


def test_who_jumps_to_the_content_still_reads_it_in_the_dark(inspected: Page) -> None:
    inspected.emulate_media(color_scheme="dark")
    inspected.goto("/help")
    inspected.keyboard.press("Tab")
    inspected.keyboard.press("Enter")
    expect(inspected.locator("main")).to_be_focused()
    main, body = (
        inspected.locator(each).evaluate("e => getComputedStyle(e).color") for each in ("main", "body")
    )
    assert main == body


@pytest.mark.parametrize("layer", ["towns", "neighbours"])
def test_names_on_a_map_are_words_and_not_land(inspected: Page, layer: str) -> None:
    inspected.goto("/")
    inspected.evaluate(
        "layer => document.body.insertAdjacentHTML('beforeend',"
        " `<div class=map><svg><text class=${layer}>和光市</text></svg></div>`)",
        layer,
    )
    name = inspected.locator("text", has_text="和光市")
    words = inspected.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--map-words')")
    assert words.strip() == "#333"
    assert name.evaluate("name => getComputedStyle(name).fill") == "rgb(51, 51, 51)"


def test_on_paper_everything_is_dark_on_white(inspected: Page) -> None:
    inspected.emulate_media(color_scheme="dark", media="print")
    inspected.goto("/statistics")
    assert inspected.evaluate("getComputedStyle(document.documentElement).colorScheme") == "normal"
    assert inspected.evaluate("getComputedStyle(document.body).color") == "rgb(26, 26, 26)"


def test_on_paper_stands_whom_to_call(inspected: Page) -> None:
    inspected.emulate_media(media="print")
    inspected.goto("/help")
    for number in ("110", "03-0000-0001"):
        expect(inspected.locator("footer").get_by_text(number, exact=True)).to_be_visible()
    expect(inspected.locator("footer").get_by_role("link", name="このサイトについて")).to_be_hidden()
