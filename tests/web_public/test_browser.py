from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from nerirepo.database.db import transaction
from nerirepo.reports.status import Status
from nerirepo.reports.tables import PhotoRole, Report
from tests.factories.public_reports import MONDAY, add_event, add_photo, add_report, publish_now
from tests.support.axe import AXE
from tests.support.breadth import breadth

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def a_few_reports() -> Report:
    """One of each public group; the last, which is returned, has been repaired."""
    with transaction() as session:
        waiting = add_report(session, category_code="graffiti", town="旭丘一丁目")
        started = add_report(session, category_code="road.pothole", hides_point=True)
        add_event(session, started, "start", to=Status.IN_PROGRESS, expected_on="2026-12-01")
        add_photo(session, started, colour=(120, 120, 120))
        mended = add_report(
            session, closed_at=MONDAY + timedelta(days=3), received_at=MONDAY + timedelta(hours=1)
        )
        add_photo(session, mended, colour=(70, 80, 110))
        add_photo(session, mended, role=PhotoRole.AFTER, position=1, colour=(250, 220, 140))
        add_event(session, mended, "accept", to=Status.CHECKING)
        add_event(
            session,
            mended,
            "resolve",
            to=Status.RESOLVED,
            at=MONDAY + timedelta(days=3),
            note="LED電球に取り替えました。お知らせいただき、ありがとうございました。",
        )
    for report in (waiting, started, mended):
        publish_now(report.id)
    return mended


def test_a_resident_goes_from_the_first_page_to_the_result_without_a_program(phone: Page) -> None:
    report = a_few_reports()
    phone.goto("/")
    phone.get_by_role("link", name="街路灯").first.click()
    expect(phone).to_have_url(f"/reports/{report.number}")
    expect(phone.get_by_role("heading", name="対応しました")).to_be_visible()
    expect(phone.get_by_text("LED電球に取り替えました。")).to_be_visible()
    expect(phone.locator("figure.map svg")).to_be_visible()
    phone.locator(".languages summary").click()
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_role("heading", name="What happened")).to_be_visible()
    phone.get_by_role("link", name="All reports").first.click()
    phone.get_by_role("link", name="Closed 1").click()
    expect(phone.locator(".card")).to_have_count(1)
    phone.get_by_role("searchbox").fill("旭丘")
    phone.get_by_role("button", name="Search").click()
    expect(phone.get_by_text("No report matches")).to_be_visible()


@pytest.mark.parametrize("language", breadth("en", "ja"))
def test_every_page_is_accessible_fits_a_small_phone_and_breaks_no_rule_of_its_own(
    inspected: Page, language: str
) -> None:
    report = a_few_reports()
    with transaction() as session:
        near_home = add_report(session, hides_point=True)
    publish_now(near_home.id)
    complaints: list[str] = []
    inspected.on("console", lambda message: complaints.append(message.text))
    inspected.on("pageerror", lambda error: complaints.append(str(error)))
    for path in (
        "/",
        "/reports",
        "/reports?category=road&q=x",
        f"/reports/{report.number}",
        f"/reports/{near_home.number}",
        "/about",
    ):
        inspected.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert inspected.evaluate("document.documentElement.scrollWidth") <= 360, path
        inspected.add_script_tag(path=AXE)
        found = inspected.evaluate(
            "tags => axe.run({runOnly: tags, rules: {'target-size': {enabled: true}}})",
            WCAG,
        )
        assert [
            (each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found["violations"]
        ] == [], path
    assert complaints == []


def test_the_edge_between_before_and_after_follows_a_finger_a_mouse_and_the_arrow_keys(
    browser: Browser, site: str
) -> None:
    report = a_few_reports()
    context = browser.new_context(
        base_url=site, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto("/")
    page.goto(f"/reports/{report.number}")
    edge, frames = page.locator(".compare input"), page.locator(".compare .frames")
    frames.scroll_into_view_if_needed()
    box = frames.bounding_box()
    assert box
    left, middle = box["x"], box["y"] + box["height"] / 2

    touch = context.new_cdp_session(page)
    for kind, at in (("touchStart", 0.2), *(("touchMove", 0.2 + step / 10) for step in range(1, 7))):
        point = {"x": left + box["width"] * at, "y": middle}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        page.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(edge).to_have_value("80")
    assert page.evaluate("getComputedStyle(document.querySelector('.edge')).left").startswith(
        f"{box['width'] * 0.8:.0f}"
    )
    assert frames.evaluate("frames => getComputedStyle(frames).touchAction") == "pan-y", "no way back by it"

    page.mouse.move(left + box["width"] * 0.8, middle)
    page.mouse.down()
    page.mouse.move(left + box["width"] * 0.3, middle)
    page.mouse.up()
    page.mouse.move(left + box["width"] * 0.9, middle)
    expect(edge).to_have_value("30")
    edge.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(edge).to_have_value("32")
    context.close()


def test_the_keyboard_jumps_to_the_content_first(inspected: Page) -> None:
    inspected.goto("/")
    inspected.keyboard.press("Tab")
    expect(inspected.get_by_role("link", name="本文へ進む")).to_be_focused()
    expect(inspected.get_by_role("link", name="本文へ進む")).to_be_in_viewport()
    inspected.keyboard.press("Enter")
    expect(inspected.locator("main")).to_be_focused()


BUDGET = 150_000
"""Bytes of a first visit without its photos, uncompressed: some seconds on the slowest of mobile lines."""


@pytest.mark.parametrize("path", ["/", "/?lang=ja-easy", "/reports", "/statistics", "/report", "/deeds"])
def test_a_first_visit_is_small_and_asks_nobody_else(inspected: Page, site: str, path: str) -> None:
    a_few_reports()
    sizes: dict[str, int] = {}
    inspected.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    inspected.goto(path, wait_until="networkidle")
    assert f"{site}/static/site.css" in {url.partition("?")[0] for url in sizes}
    assert all(url.startswith(site) for url in sizes)
    assert sum(size for url, size in sizes.items() if "/media/" not in url) <= BUDGET


def test_the_keyboard_reaches_everything_in_the_order_of_the_page_and_is_never_caught(
    inspected: Page,
) -> None:
    report = a_few_reports()
    inspected.emulate_media(reduced_motion="reduce")  # where the focus is, the page is at once
    for path in ("/", "/reports", f"/reports/{report.number}", "/statistics", "/improvements"):
        inspected.goto(path)
        reachable = inspected.locator(
            "a[href], button:not([hidden]), input:not([type=hidden]), summary, [tabindex='0']"
        )
        wanted = [each for each in reachable.all() if each.is_visible()]
        seen: list[float] = []
        for _ in wanted:
            inspected.keyboard.press("Tab")
            place = inspected.evaluate(IN_FOCUS)
            assert place["is_seen"], (path, place)
            seen.append(place["order"])
        assert seen == sorted(set(seen)), path
        inspected.keyboard.press("Tab")
        assert inspected.evaluate(IN_FOCUS)["order"] not in seen[1:], path  # out of the page, or at its start


IN_FOCUS = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect(), style = getComputedStyle(here);
    const ring = here.closest(".card") ?? here.querySelector(".touch") ?? here;
    const marked = [style, getComputedStyle(ring)].some(
        each => each.outlineStyle !== "none" || each.boxShadow !== "none" || parseFloat(each.strokeWidth) > 1
    );
    return {
        html: here.outerHTML.slice(0, 120),
        order: [...document.querySelectorAll("*")].indexOf(here),
        is_seen: here === document.body
            || marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    };
}"""
"""Where is the focus, and does an eye find it?"""


def test_no_page_asks_anybody_else_for_anything(inspected: Page, site: str) -> None:
    report = a_few_reports()
    asked: list[str] = []
    inspected.on("request", lambda request: asked.append(request.url))
    for path in ("/", f"/reports/{report.number}"):
        inspected.goto(path, wait_until="networkidle")
    assert asked
    assert all(url.startswith(site) for url in asked)
