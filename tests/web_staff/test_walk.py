"""A crew and the desk on a phone of 360 pixels, without JavaScript: from a new report to a repaired one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pyotp.totp import TOTP
from sqlalchemy import update

from nerirepo.database.db import reading, transaction
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Report
from nerirepo.staff.members import NewMember, add_member
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from tests.factories import a_member
from tests.factories.public_reports import add_photo, add_report
from tests.support.axe import AXE, WCAG, violations
from tests.support.breadth import breadth

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=False, base_url=site, locale="ja-JP", has_touch=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def seeing(browser: Browser, site: str) -> Iterator[Page]:
    """A phone with JavaScript, which axe needs."""
    context = browser.new_context(viewport=PHONE, base_url=site, bypass_csp=True, locale="ja-JP")
    page = context.new_page()
    page.context.add_cookies([{"name": "nerirepo_staff", "value": a_member().token, "url": site}])
    yield page
    context.close()


def a_report(**changes: Any) -> Report:
    """A lamp that is out; the resident's words hold an address."""
    values = {
        "visibility": Visibility.PENDING,
        "public_text": None,
        "routing_reason": {"ja": "街路灯の種類なので", "en": "It is a street lamp"},
        "routing_confidence": 0.8,
    }
    with transaction() as session:
        report = add_report(session, **values | changes)
        add_photo(session, report, is_cleared=False)
    return report


def a_colleague(role: Role, department: str) -> NewMember:
    with transaction() as session:
        email = f"{role}.{department}@staff.example.jp"
        return add_member(session, email=email, name="花子", role=role, department=department)


def sign_in(page: Page, colleague: NewMember) -> None:
    page.get_by_label("メールアドレス").fill(colleague.email)
    page.get_by_label("パスワード").fill(colleague.password)
    page.get_by_label("確認コード").fill(TOTP(colleague.totp_secret).now())
    page.get_by_role("button", name="ログインする").click()


def sign_in_again(page: Page, colleague: NewMember) -> None:
    """Half a minute later: a code is taken once."""
    with transaction() as session:
        session.execute(update(Member).values(totp_step=None))
    sign_in(page, colleague)


def opened(page: Page, action: str) -> Any:
    """The form of an action, unfolded."""
    form = page.locator(f"#do-{action}")
    form.locator("summary").click()
    return form


def now(report: Report) -> Report:
    with reading() as session:
        return session.get_one(Report, report.id)


def a_picture(folder: Path) -> Path:
    path = folder / "after.jpg"
    Image.new("RGB", (1200, 900), "green").save(path)
    return path


def fits(page: Page) -> bool:
    """Nothing sticks out to the right: nobody scrolls sideways on a phone."""
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_report_is_accepted_begun_and_repaired_with_a_photo(phone: Page, tmp_path: Path) -> None:
    report, desk = a_report(), a_colleague(Role.DESK, "desk")
    phone.goto(f"/desk/reports/{report.number}")
    sign_in(phone, desk)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("街路灯が消えている")
    expect(phone.get_by_text("街路灯の種類なので")).to_be_visible()
    expect(phone.locator('a[href^="geo:35.7357"]')).to_be_visible()

    accept = opened(phone, "accept")
    expect(accept.locator("mark")).to_have_text("北6-12-1")
    accept.get_by_label("公開することば").fill("街路灯が消えています。")
    accept.get_by_role("checkbox", name="投稿の写真 1").check()
    accept.get_by_role("button", name="受け付ける").click()
    expect(phone.get_by_role("status")).to_contain_text("受け付けました")
    seen = now(report)
    assert (seen.status, seen.visibility) == (Status.CHECKING, Visibility.PUBLIC)
    assert seen.public_text == "街路灯が消えています。"

    start = opened(phone, "start")
    start.get_by_label("完了の見込み日").fill("2030-01-01")
    start.get_by_role("button", name="対応を始める").click()
    expect(phone.locator("h1 + .marks")).to_contain_text("対応中")

    resolve = opened(phone, "resolve")
    resolve.get_by_label("写真", exact=True).set_input_files(a_picture(tmp_path))
    resolve.get_by_label("区の対応").fill("電球を取り替えました。")
    resolve.get_by_role("button", name="対応済にする").click()
    expect(phone.locator("h1 + .marks")).to_contain_text("対応済")
    expect(phone.get_by_text("電球を取り替えました。")).to_be_visible()
    expect(phone.get_by_text("職員の写真 2 · 公開可")).to_be_visible()
    assert now(report).status is Status.RESOLVED
    assert fits(phone)


def test_a_crew_signs_in_and_finds_its_work_with_dangers_first(phone: Page) -> None:
    a_report()
    danger = a_report(is_danger=True)
    a_report(department_code="parks")
    phone.goto("/crew")
    sign_in(phone, a_colleague(Role.FIELD, "lamps"))
    expect(phone).to_have_url(re.compile("/crew$"))
    expect(phone.locator(".report")).to_have_count(2)
    expect(phone.locator(".report").first).to_contain_text(danger.number)
    expect(phone.locator(".report").first).to_contain_text("危険")
    assert fits(phone)


def test_a_crew_has_the_six_things_that_it_may_do(phone: Page, site: str) -> None:
    report = a_report(status=Status.CHECKING)
    crew = a_member(Role.FIELD, "lamps")
    phone.context.add_cookies([{"name": "nerirepo_staff", "value": crew.token, "url": site}])
    phone.goto(f"/crew/reports/{report.number}")
    named = {each.get_attribute("id") for each in phone.locator(".act").all()}
    assert named == {f"do-{each}" for each in ("start", "resolve", "ask", "decline", "reassign", "note")}
    expect(phone.get_by_text("投稿者の連絡先")).to_have_count(0)
    sent_back = opened(phone, "reassign")
    sent_back.get_by_role("button").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("投稿の一覧")
    assert now(report).department_code == "desk"


def test_only_what_a_reason_needs_is_asked_for(phone: Page, site: str) -> None:
    report = a_report(status=Status.CHECKING)
    phone.context.add_cookies([{"name": "nerirepo_staff", "value": a_member().token, "url": site}])
    phone.goto(f"/desk/reports/{report.number}")
    decline = opened(phone, "decline")
    measured = decline.get_by_label("測った値")
    expect(measured).to_be_hidden()
    decline.get_by_label("理由").select_option("within_standard")
    expect(measured).to_be_visible()
    decline.get_by_label("区の対応").fill("基準の範囲内でした。")
    decline.get_by_role("button", name="対象外にする").click()
    expect(phone.get_by_role("alert")).to_contain_text("足りません")
    expect(decline.get_by_text("これが必要です。")).to_be_visible()
    expect(decline.get_by_label("区の対応")).to_have_value("基準の範囲内でした。")
    measured.fill("段差 8 mm")
    decline.get_by_role("button", name="対象外にする").click()
    expect(phone.locator("h1 + .marks")).to_contain_text("対象外")


def test_the_way_back_leads_to_the_filters_and_the_page_that_one_came_from(phone: Page) -> None:
    for _ in range(32):
        a_report(status=Status.CHECKING)
    desk = a_colleague(Role.DESK, "desk")
    phone.goto("/desk?status=checking&department=lamps&q=住所&sort=newest")
    sign_in(phone, desk)
    phone.get_by_role("link", name="つづきを見る").click()
    second = phone.url
    assert "cursor=" in second
    phone.locator(".report a").first.click()
    the_report = phone.url

    phone.context.clear_cookies()
    phone.get_by_role("link", name="English").click()
    sign_in_again(phone, desk)
    ask = phone.locator("#do-ask")
    ask.locator("summary").click()
    ask.locator("textarea").fill("What colour is the lamp?")
    phone.context.clear_cookies()
    ask.locator("button").click()
    sign_in_again(phone, desk)
    phone.locator("#do-ask button").click()
    expect(phone.get_by_role("status")).to_be_visible()
    phone.locator(".back a").click()
    assert asked_for(phone.url) == asked_for(second)
    expect(phone.locator(".report")).to_have_count(2)

    phone.go_back()
    assert the_report.partition("?")[0] in phone.url
    phone.locator(".back a").click()
    assert asked_for(phone.url) == asked_for(second)


def asked_for(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_with_a_script_the_nearest_come_first(seeing: Page) -> None:
    far, near = (a_report(location=f"SRID=4326;POINT({lon} 35.7379)") for lon in (139.60, 139.6543))
    seeing.context.grant_permissions(["geolocation"])
    seeing.context.set_geolocation({"latitude": 35.7379, "longitude": 139.6542})
    seeing.goto("/crew")
    seeing.get_by_role("button", name="近い順にする").click()
    expect(seeing.locator(".report").first).to_contain_text(near.number)
    expect(seeing.locator(".report").last).to_contain_text(far.number)
    expect(seeing.locator(".report").last).to_contain_text("4.9 km")


@pytest.mark.parametrize("lang", breadth("ja", "en"))
def test_the_pages_are_accessible(seeing: Page, lang: str) -> None:
    report = a_report(is_danger=True, flags=["border"])
    for address in ("/desk/sign-in", "/desk", f"/desk/reports/{report.number}", "/desk/nowhere"):
        seeing.goto(f"{address}?lang={lang}")
        for summary in seeing.locator("main summary").all():
            summary.click()
        seeing.add_script_tag(path=AXE)
        for scheme, ground in (("dark", "rgb(26, 26, 26)"), ("light", "rgb(242, 242, 242)")):
            seeing.emulate_media(color_scheme=scheme)
            assert seeing.evaluate("getComputedStyle(document.body).backgroundColor") == ground
            assert violations(seeing, WCAG) == [], (address, scheme)
        assert fits(seeing), address
