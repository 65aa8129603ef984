import io
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, Response, expect
from starlette.testclient import TestClient

from nerirepo.base.settings import settings
from nerirepo.database.db import transaction
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Report
from tests.factories.public_reports import MONDAY, add_report, publish_now
from tests.support.axe import AXE
from web_public import home
from web_public.app import create_app

pytestmark = pytest.mark.usefixtures("database", "storage")

FIRST_PAGE_AT_MOST = 150_000
"""Bytes as we send them, without photos; a server in front compresses them to a third."""
HARDLY_MOVING = 15_000
"""Milliseconds to wait at most: a map in a browser without a graphics card on a busy machine."""


def published(lat: float, lon: float, **changes: object) -> Report:
    with transaction() as session:
        report = add_report(session, location=f"SRID=4326;POINT({lon} {lat})", **changes)
    publish_now(report.id)
    return report


def a_ward_with_reports() -> tuple[Report, Report, Report]:
    """Two lamps that lie together, one of them repaired, and graffiti far to the west."""
    return (
        published(35.7357, 139.6523),
        published(35.7359, 139.6525, status=Status.RESOLVED, closed_at=MONDAY + timedelta(days=2)),
        published(35.75, 139.58, category_code="graffiti", town="旭丘一丁目"),
    )


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


@pytest.fixture
def desk(browser: Browser, site: str) -> Iterator[Page]:
    """A browser that runs programs and keeps to our Content-Security-Policy."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="ja-JP")
    context.set_default_timeout(HARDLY_MOVING)
    yield context.new_page()
    context.close()


@pytest.fixture
def finger(browser: Browser, site: str) -> Iterator[Page]:
    """A small phone, touched and not clicked."""
    context = browser.new_context(
        base_url=site, viewport={"width": 360, "height": 740}, locale="ja-JP", has_touch=True, is_mobile=True
    )
    context.set_default_timeout(HARDLY_MOVING)
    yield context.new_page()
    context.close()


AROUND_THE_LAMPS = "bbox=139.6513,35.7350,139.6533,35.7364"


def opened(page: Page, path: str = "/") -> None:
    page.goto(path)
    page.get_by_role("button", name="動かせる地図をひらく").click()
    page.locator("#map-stage[data-ready]").wait_for()


def the_map(page: Page) -> FloatRect:
    """Where it is on the screen."""
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box
    return box


def press_in_the_middle_of_the_map(page: Page) -> None:
    box = the_map(page)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def drag_the_map_to_the_left(page: Page, pixels: int) -> None:
    box = the_map(page)
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] - 40, box["y"] + box["height"] / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        point = {"x": x - pixels * step / 10, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(30)
    page.wait_for_timeout(400)  # a finger that rests does not throw
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_picture_of_the_map_leads_on_by_plain_links(phone: Page) -> None:
    a_ward_with_reports()
    phone.goto("/")
    phone.get_by_role("link", name="2件（対応前 1、対応後 1）").click()
    expect(phone.locator("#list .card")).to_have_count(2)
    expect(phone.get_by_role("link", name="全体の地図にもどる")).to_be_visible()
    phone.get_by_role("link", name="対応後", exact=True).click()
    expect(phone.locator("#list .card")).to_have_count(1)
    assert {"bbox", "status"} <= parse_qs(urlsplit(phone.url).query).keys()
    phone.get_by_role("link", name="全体の地図にもどる").click()
    expect(phone.locator("#list .card")).to_have_count(1)


def test_a_filter_that_is_not_counted_marks_what_is_on_the_list(client: TestClient) -> None:
    *_, graffiti = a_ward_with_reports()
    picture = client.get("/?town=旭丘一丁目").text.partition('<svg class="picture"')[2].partition("</svg>")[0]
    assert re.findall(r'<a href="(/reports/[^"]+)"', picture) == [f"/reports/{graffiti.number}"]


@pytest.mark.parametrize("path", ["/", "/?town=豊玉北六丁目"])  # from what is counted, and from the list
def test_only_what_was_repaired_is_ticked_off_on_the_picture(client: TestClient, path: str) -> None:
    published(35.7357, 139.6523, status=Status.RESOLVED, closed_at=MONDAY)
    published(35.74, 139.60, status=Status.HANDED_OVER, closed_at=MONDAY)
    published(35.75, 139.58, status=Status.DECLINED, closed_at=MONDAY)
    picture = client.get(path).text.partition('<svg class="picture"')[2].partition("</svg>")[0]
    assert sorted(re.findall(r'class="(after|unrepaired)"', picture)) == ["after", "unrepaired", "unrepaired"]
    assert picture.count('class="tick" d="m-4') == 1


def test_what_is_hidden_is_gone_from_the_picture_and_the_list_at_once(client: TestClient) -> None:
    *_, graffiti = a_ward_with_reports()
    first = client.get("/")
    assert first.text.count('class="touch"') == 2
    with transaction() as session:
        session.get_one(Report, graffiti.id).visibility = Visibility.HIDDEN
    page = client.get("/", headers={"if-none-match": first.headers["etag"]})
    assert page.status_code == 200
    assert page.text.count('class="touch"') == 1
    assert graffiti.number not in page.text


def test_the_list_and_the_address_follow_the_map_and_a_press_opens_a_report(desk: Page) -> None:
    lamp, *_ = a_ward_with_reports()
    complaints: list[str] = []
    desk.on("pageerror", lambda error: complaints.append(str(error)))
    desk.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
    )
    opened(desk, "/?bbox=139.6513,35.7350,139.6533,35.7364")
    expect(desk.locator("#list .card")).to_have_count(2)
    desk.locator("canvas").focus()
    desk.keyboard.press("-")
    desk.wait_for_url(re.compile("#map$"))
    for _ in range(6):
        desk.keyboard.press("-")
        desk.wait_for_timeout(400)  # a map takes no notice of keys while it is moving
    expect(desk.locator("#list .card")).to_have_count(3)

    desk.goto("/?status=before&bbox=139.6513,35.7350,139.6533,35.7364#map")
    desk.locator("#map-stage[data-ready]").wait_for()
    press_in_the_middle_of_the_map(desk)
    desk.locator(".maplibregl-popup").get_by_role("link", name="街路灯が消えている").click()
    expect(desk).to_have_url(re.compile(f"/reports/{lamp.number}$"))
    assert complaints == []


def test_who_opens_the_map_by_keyboard_moves_it_with_the_next_key(desk: Page) -> None:
    a_ward_with_reports()
    desk.goto("/")
    desk.get_by_role("button", name="動かせる地図をひらく").focus()
    desk.keyboard.press("Enter")
    desk.locator("#map-stage[data-ready]").wait_for()
    expect(desk.locator("canvas")).to_be_focused()
    desk.keyboard.press("+")
    desk.wait_for_url(re.compile("bbox="))


def test_the_map_shows_that_it_has_the_focus(desk: Page) -> None:
    desk.goto("/")
    desk.get_by_role("button", name="動かせる地図をひらく").press("Enter")
    desk.locator("#map-stage[data-ready]").wait_for()
    expect(desk.locator("canvas")).to_be_focused()
    desk.locator("#map-stage").scroll_into_view_if_needed()
    with_it = edge_of_the_map(desk)
    desk.locator("canvas").evaluate("canvas => canvas.blur()")
    assert sum(edge_of_the_map(desk)) - sum(with_it) > 200


def edge_of_the_map(page: Page) -> tuple[int, ...]:
    """The colour of what is seen a little inside of its left edge."""
    picture = Image.open(io.BytesIO(page.locator("#map-stage").screenshot())).convert("RGB")
    return picture.getpixel((3, picture.height // 2))  # type: ignore[return-value]


def test_without_a_program_nobody_is_offered_the_moving_map(phone: Page) -> None:
    phone.goto("/")
    expect(phone.locator("#map-open")).to_be_hidden()


def test_filters_change_the_moving_map_without_leaving_it(desk: Page) -> None:
    a_ward_with_reports()
    opened(desk)
    with desk.expect_response(
        lambda answer: "/v1/public/tiles/" in answer.url and "status=after" in answer.url
    ):
        desk.locator("#filters").get_by_role("link", name="対応後").click()
    expect(desk.locator("#list .card")).to_have_count(1)
    assert "status=after" in desk.url
    with desk.expect_response(lambda answer: "/v1/public/reports" in answer.url and answer.ok):
        desk.goto("/?q=街路灯#map")
    desk.locator("#map-stage[data-ready]").wait_for()


def test_after_a_filter_the_list_still_follows_a_finger_on_the_map(finger: Page) -> None:
    lamp, *_ = a_ward_with_reports()
    opened(finger)
    finger.locator("#filters").get_by_role("link", name="対応前").tap()
    expect(finger.locator("#list .card")).to_have_count(2)
    expect(finger.locator("#list")).to_be_focused()
    drag_the_map_to_the_left(finger, 200)
    expect(finger.locator("#list .card")).to_have_count(1)
    expect(finger.locator(f"#list a[href*='{lamp.number}']")).to_be_visible()
    expect(finger.locator("#list")).to_be_focused()
    expect(finger.get_by_role("status")).to_have_text("1件")
    expect(finger).to_have_title(re.compile("^1件 "))


def test_the_part_of_the_map_is_dropped_and_the_whole_ward_is_shown_again(desk: Page) -> None:
    a_ward_with_reports()
    opened(desk, f"/?{AROUND_THE_LAMPS}")
    expect(desk.locator("#list .card")).to_have_count(2)
    desk.get_by_role("link", name="地図のこの範囲").click()
    expect(desk.locator("#list .card")).to_have_count(3)
    expect(desk.locator(".maplibregl-ctrl-scale")).to_contain_text("km")
    desk.wait_for_timeout(500)  # a list that followed the move would have told the part by now
    assert "bbox" not in desk.url
    assert desk.url.endswith("#map")


def test_a_popup_closes_by_escape_and_with_the_filter_that_hides_its_report(desk: Page) -> None:
    a_ward_with_reports()
    opened(desk, f"/?status=before&{AROUND_THE_LAMPS}")
    popup = desk.locator(".maplibregl-popup")
    press_in_the_middle_of_the_map(desk)
    expect(popup.get_by_role("link", name="街路灯が消えている")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(desk.locator("canvas")).to_be_focused()
    press_in_the_middle_of_the_map(desk)
    expect(popup).to_have_count(1)
    desk.locator("#filters").get_by_role("link", name="対応後").click()
    expect(popup).to_have_count(0)


def test_the_map_stays_open_for_who_jumps_within_the_page_or_comes_back_from_a_report(desk: Page) -> None:
    a_ward_with_reports()
    opened(desk)
    desk.evaluate("window.isTheSame = true")
    desk.locator(".actions a[href='#how']").click()
    desk.wait_for_timeout(500)
    assert desk.evaluate("window.isTheSame")
    desk.go_back()
    desk.locator("#list .card a").first.click()
    desk.wait_for_url(re.compile("/reports/NR"))
    desk.go_back()
    expect(desk.locator("#map-stage")).to_have_attribute("data-ready", "true", timeout=HARDLY_MOVING)


def test_who_searches_lands_on_the_list_with_the_part_of_the_map_kept(phone: Page, desk: Page) -> None:
    a_ward_with_reports()
    phone.goto(f"/?{AROUND_THE_LAMPS}")
    opened(desk, f"/?{AROUND_THE_LAMPS}")
    desk.evaluate("window.isTheSame = true")
    for page in (phone, desk):
        page.get_by_role("searchbox").fill("街路灯")
        page.get_by_role("searchbox").press("Enter")
        expect(page.get_by_role("status")).to_have_text("「街路灯」 2件")
        expect(page.get_by_role("status")).to_be_in_viewport()
        expect(page).to_have_title(re.compile("^「街路灯」 2件 "))
        assert {"bbox", "q"} <= parse_qs(urlsplit(page.url).query).keys()
    assert desk.evaluate("window.isTheSame")
    assert "#list" in phone.url


def test_the_heading_says_how_many_there_are_as_far_as_nobody_has_to_count(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ward_with_reports()
    monkeypatch.setattr(home, "NEWEST", 2)
    for query, told in (
        ("", "3件"),
        ("?q=街路灯", "「街路灯」 2件以上"),
        ("?town=旭丘一丁目", "1件"),
        (f"?{AROUND_THE_LAMPS}", "2件"),
        ("?q=ゾウ", "「ゾウ」 0件"),
    ):
        page = client.get(f"/{query}").text
        assert re.sub("<.*?>", "", page.partition('id="how-many">')[2].partition("</h3>")[0]) == told, query
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert title == (f"{told} | ねりまちレポーター" if query else "ねりまちレポーター")
    assert "<title>みんなの投稿 「街路灯」 3件 |" in client.get("/reports?q=街路灯").text
    # Where some are left out that are counted, they are not told.
    assert ">1件</h2>" in client.get("/reports?sort=closed").text


def test_the_moving_map_is_accessible_and_small_phones_have_room_for_it(inspected: Page) -> None:
    a_ward_with_reports()
    opened(inspected)
    assert inspected.evaluate("document.documentElement.scrollWidth") <= 360
    expect(inspected.get_by_role("region", name=re.compile("投稿の地図。矢印キー"))).to_be_visible()
    inspected.add_script_tag(path=AXE)
    found = inspected.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


def test_a_browser_that_cannot_draw_the_map_keeps_its_picture(desk: Page) -> None:
    a_ward_with_reports()
    desk.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    desk.goto("/")
    desk.get_by_role("button", name="動かせる地図をひらく").click()
    expect(desk.get_by_text("地図をひらけませんでした。")).to_be_visible()
    expect(desk.locator("svg.picture")).to_be_visible()


def test_the_first_page_is_light_and_asks_nobody_else(browser: Browser, site: str) -> None:
    for number in range(14):
        published(35.72 + number * 0.002, 139.6 + number * 0.005)
    context = browser.new_context(base_url=site, locale="ja-JP")
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/", wait_until="networkidle")
    assert all(answer.url.startswith(site) for answer in answers)
    weights = {
        answer.url.removeprefix(site): len(answer.body()) for answer in answers if "/media/" not in answer.url
    }
    context.close()
    assert sum(weights.values()) <= FIRST_PAGE_AT_MOST, weights


def test_the_whole_map_asks_nobody_else_by_default(desk: Page, site: str) -> None:
    a_ward_with_reports()
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    opened(desk)
    assert any("/v1/public/tiles/" in url for url in asked)
    assert all(url.startswith((site, "data:", "blob:")) for url in asked), asked


def test_a_ward_may_choose_somebody_s_tiles_and_only_then_the_policy_names_them(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "gsi.go.jp" not in client.get("/").headers["content-security-policy"]
    monkeypatch.setenv("NERIREPO_MAP_TILES_URL", "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png")
    settings.cache_clear()
    try:
        answer = client.get("/?status=before")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    policy = answer.headers["content-security-policy"]
    assert "img-src 'self' data: blob: https://cyberjapandata.gsi.go.jp;" in policy
    assert "connect-src 'self' https://cyberjapandata.gsi.go.jp" in policy
    assert "unsafe" not in policy
    assert "maps.gsi.go.jp" in answer.text  # the credit line leads there
