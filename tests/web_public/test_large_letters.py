"""Letters of twice the size on a small phone (WCAG 2.2, 1.4.4): nothing is cut off, and lines hold words."""

import pytest
from playwright.sync_api import Page

from tests.support.breadth import breadth
from tests.web_public.every_page import in_language, pages_of_every_kind

ELSEWHERE = ("/statistics", "/open-data")
"""Tables, which may be moved sideways."""
CUT_OFF = """() => {
    const found = [];
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        const node = words.currentNode, holder = node.parentElement;
        const unseen = "script, svg, .visually-hidden, .skip, .skip-map";
        if (!node.data.trim() || holder.closest(unseen)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()].filter(box => box.width && box.height);
        if (!boxes.length || !holder.checkVisibility()) continue;
        let clip = {left: 0, right: innerWidth, top: -1e6, bottom: 1e6};
        for (let each = holder; each; each = each.parentElement) {
            if (getComputedStyle(each).overflowX === "visible") continue;
            const {left, right, top, bottom} = each.getBoundingClientRect();
            clip = {left: Math.max(left, clip.left), right: Math.min(right, clip.right),
                top: Math.max(top, clip.top), bottom: Math.min(bottom, clip.bottom)};
        }
        const may_be_moved = holder.closest("table, nav ul");
        if (!may_be_moved && boxes.some(box => box.left < clip.left - 1 || box.right > clip.right + 1
            || box.top < clip.top - 6 || box.bottom > clip.bottom + 6)) {
            found.push(`cut off: ${node.data.trim()}`);
        }
        const is_upright = boxes.length > 3 && boxes.every(box => box.width < 66);
        if (is_upright) found.push(`upright: ${node.data.trim()}`);
    }
    return found;
}"""


@pytest.mark.parametrize("lang", breadth("en", "ja"))
def test_letters_of_twice_the_size_are_not_cut_off_on_a_small_phone(inspected: Page, lang: str) -> None:
    found: list[tuple[str, str]] = []
    for path in pages_of_every_kind():
        if path.startswith(ELSEWHERE):
            continue
        inspected.goto(in_language(path, lang))
        inspected.add_style_tag(content="html { font-size: 200% }")
        inspected.locator(".languages").evaluate("menu => menu.open = true")
        width = inspected.evaluate("document.documentElement.scrollWidth")
        found += [(path, f"{width} px wide")] if width > 360 else []
        found += [(path, each) for each in inspected.evaluate(CUT_OFF)]
    assert found == []
