"""From the press to the receipt: once, numbers first, and with the service's own words where it refuses."""

import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect
from sqlmodel import delete

from nerirepo.base import clock
from nerirepo.database.db import transaction
from nerirepo.reporters.tables import Device
from tests.web_public.posting.form import (
    choose_kind,
    fill_in,
    onward,
    open_form,
    press_send,
    reports,
    sign_in,
    signed_in,
    the_report,
)

SEVERAL = {
    "five clicks in one task": """() => {
        for (let turn = 0; turn < 5; turn++) document.querySelector('#send').click();
    }""",
    "a click at each turn": """async () => {
        for (let turn = 0; turn < 20; turn++) {
            document.querySelector('#send').click();
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
    }""",
}


def refused(field: str, detail: str) -> dict[str, Any]:
    problem = {
        "type": "urn:nerirepo:problem:invalid",
        "title": "Unprocessable Content",
        "status": 422,
        "code": "invalid",
        "detail": "直すところがあります。",
        "errors": [{"field": field, "code": "text_not_allowed", "detail": detail}],
        "retryable": False,
    }
    return {"status": 422, "content_type": "application/problem+json", "body": json.dumps(problem)}


def away(**headers: str) -> dict[str, Any]:
    problem = {"code": "database_away", "status": 503, "detail": "いま使えません。", "retryable": True}
    answer = {"status": 503, "content_type": "application/problem+json", "body": json.dumps(problem)}
    return {**answer, "headers": {"Retry-After": "3", **headers}}


def once(context: BrowserContext, address: str, answer: dict[str, Any]) -> list[Request]:
    """Answers the first PUT there itself; all that are seen."""
    seen: list[Request] = []

    def handle(route: Route) -> None:
        if route.request.method != "PUT":
            return route.continue_()
        seen.append(route.request)
        return route.fulfill(**answer) if len(seen) == 1 else route.continue_()

    context.route(address, handle)
    return seen


@pytest.mark.parametrize("several", SEVERAL.values(), ids=SEVERAL)
def test_however_often_send_is_pressed_it_is_one_report(phone: Page, several: str) -> None:
    signed_in(phone)
    fill_in(phone)
    phone.evaluate(several)
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    expect(phone.get_by_text("すべて届きました")).to_be_visible()
    assert reports() == 1


def test_the_number_stands_before_the_first_photo_has_gone(
    phone: Page, context: BrowserContext, photo: Path
) -> None:
    signed_in(phone)
    open_form(phone)
    phone.set_input_files("#album", photo)
    onward(phone)
    choose_kind(phone)
    onward(phone)
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    onward(phone)
    onward(phone)
    held: list[Route] = []
    context.route("**/v1/photos/*/bytes*", lambda route: held.append(route))
    with phone.expect_request("**/v1/photos/*/bytes*"):
        press_send(phone)
    expect(phone.locator("#done-number")).to_contain_text("NR-")
    expect(phone.locator("#done-words")).to_contain_text("写真を送っています")
    expect(phone.locator("#done-pictures")).not_to_contain_text("届きました")
    for route in held:
        route.continue_()
    expect(phone.locator("#done-pictures")).to_contain_text("届きました")


def test_an_open_page_says_when_it_tries_again_and_does(phone: Page, context: BrowserContext) -> None:
    signed_in(phone)
    fill_in(phone)
    once(context, "**/v1/reports/*", away())
    press_send(phone)
    expect(phone.locator("#done-words")).to_contain_text("もう一度ためします")
    expect(phone.get_by_role("button", name="いま送る")).to_be_visible()
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible(timeout=30_000)


def test_try_now_does_not_wait(phone: Page, context: BrowserContext) -> None:
    signed_in(phone)
    fill_in(phone)
    once(context, "**/v1/reports/*", {**away(), "headers": {"Retry-After": "3600"}})
    press_send(phone)
    phone.get_by_role("button", name="いま送る").click()
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()


def test_what_is_refused_is_told_at_its_field_and_mended_once(phone: Page, context: BrowserContext) -> None:
    signed_in(phone)
    fill_in(phone, "使えない字")
    seen = once(context, "**/v1/reports/*", refused("description", "使えない文字が入っています。"))
    press_send(phone)
    expect(phone.get_by_role("heading", name="受け付けられませんでした")).to_be_visible()
    expect(phone.locator("#done-words")).to_contain_text("ようす: 使えない文字が入っています。")
    phone.get_by_role("button", name="なおして送りなおす").click()
    expect(phone.locator("#step-words")).to_be_visible()
    expect(phone.locator("#words-fault")).to_have_text("使えない文字が入っています。")
    words = phone.get_by_role("textbox", name="ようすを教えてください")
    expect(words).to_have_value("使えない字")
    words.fill("使える字")
    onward(phone)
    press_send(phone)
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    assert the_report()[1].description == "使える字"
    assert len({request.url for request in seen}) == 2


def test_mending_leaves_another_draft_as_it_is(phone: Page, context: BrowserContext) -> None:
    signed_in(phone)
    fill_in(phone, "断られる")
    once(context, "**/v1/reports/*", refused("description", "だめです。"))
    press_send(phone)
    expect(phone.get_by_role("heading", name="受け付けられませんでした")).to_be_visible()
    fill_in(phone, "書きかけ")
    phone.get_by_role("button", name="なおして送りなおす").click()
    expect(phone.get_by_role("textbox", name="ようすを教えてください")).to_have_value("断られる")
    expect(phone.locator("#unfinished")).to_contain_text("書きかけ")


@pytest.mark.parametrize("field", ["observed_at", "location.accuracy_m"])
def test_what_only_the_program_fills_in_never_costs_the_post(
    phone: Page, context: BrowserContext, field: str
) -> None:
    signed_in(phone)
    fill_in(phone)
    seen = once(context, "**/v1/reports/*", refused(field, "だめです。"))
    press_send(phone)
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    first, second = (request.post_data_json for request in seen)
    assert [field.split(".")[-1] in json.dumps(each) for each in (first, second)] == [True, False]
    assert reports() == 1


def test_what_was_sent_later_says_so_with_its_number(phone: Page, context: BrowserContext) -> None:
    signed_in(phone)
    fill_in(phone)
    context.set_offline(True)
    press_send(phone)
    expect(phone.get_by_text("電波がもどったら送ります。")).to_be_visible()
    phone.close()
    context.set_offline(False)
    later = context.new_page()
    open_form(later)
    expect(later.locator("#sent")).to_be_visible()
    expect(later.locator("#sent")).to_contain_text(the_report()[0].number)
    later.get_by_role("button", name="わかりました").click()
    expect(later.locator("#sent")).to_be_hidden()


def test_a_sign_in_that_ended_is_asked_for_on_the_page_and_goes_on_to_the_receipt(phone: Page) -> None:
    signed_in(phone)
    fill_in(phone)
    with transaction() as session:
        session.exec(delete(Device))
    press_send(phone)
    sign_in(phone)
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    assert reports() == 1


@pytest.mark.parametrize("way", ["the browser's", "the panel's"])
def test_the_panel_of_the_sign_in_has_a_way_back(phone: Page, way: str) -> None:
    fill_in(phone, "もどれる")
    press_send(phone)
    expect(phone.get_by_label("メールアドレス")).to_be_visible()
    if way == "the browser's":
        phone.go_back()
    else:
        phone.locator("#sign-in-back").click()
    expect(phone.get_by_label("メールアドレス")).to_be_hidden()
    expect(phone.locator("#step-check")).to_be_visible()
    expect(phone.locator("#summary")).to_contain_text("もどれる")
    press_send(phone)
    expect(phone.get_by_label("メールアドレス")).to_be_visible()


BROKEN_DISKS = {
    "no database": """
        const no = () => { throw new DOMException('no', 'SecurityError'); };
        IDBFactory.prototype.open = no;
        Object.defineProperty(window, 'sessionStorage', { get: no });
        navigator.locks.request = navigator.locks.query = async () => no();
    """,
    "one that never answers": "IDBFactory.prototype.open = () => ({});",
    "a full disk": """IDBObjectStore.prototype.put = () => {
        throw new DOMException('full', 'QuotaExceededError');
    };""",
}


@pytest.mark.parametrize("disk", BROKEN_DISKS.values(), ids=BROKEN_DISKS)
def test_where_nothing_can_be_kept_the_page_says_so_and_posts_all_the_same(
    phone: Page, context: BrowserContext, disk: str
) -> None:
    context.add_init_script(disk)
    fill_in(phone, "消えるかも")
    expect(phone.locator("#unkept")).to_be_visible()
    press_send(phone)
    sign_in(phone)
    phone.get_by_label("住んでいる").check()
    phone.locator("#eligibility-form button").click()
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    assert the_report()[1].description == "消えるかも"


def test_nothing_is_called_kept_that_is_not_on_the_disk(phone: Page, context: BrowserContext) -> None:
    context.add_init_script(BROKEN_DISKS["a full disk"])
    fill_in(phone)
    context.set_offline(True)
    press_send(phone)
    expect(phone.locator("#done-title")).to_have_text("送っています")
    expect(phone.locator("#done-words")).to_contain_text("このページを閉じないでください")


def test_the_receipt_says_whether_somebody_reads_by_the_service_s_clock_and_again_when_looked_at(
    phone: Page,
) -> None:
    friday = datetime(2026, 11, 27, 16, 30, tzinfo=clock.JST)
    try:
        clock.agree(friday, at=time.monotonic())
        signed_in(phone)
        fill_in(phone)
        press_send(phone)
        receipt = phone.locator("#done-receipt")
        expect(receipt).to_contain_text("今は職員が読んでいる時間です")
        clock.agree(friday + timedelta(hours=1), at=time.monotonic())
        phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(receipt).to_contain_text("11月30日(月) 08:30から")
        expect(receipt).not_to_contain_text("今は職員が読んでいる")
    finally:
        clock.agree(None)
