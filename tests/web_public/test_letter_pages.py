"""The pages behind letters and of the plain form, in a browser, in every language, by day and by night."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page
from sqlmodel import col, select

from nerirepo.base import links
from nerirepo.base.links import Purpose
from nerirepo.database.db import reading
from nerirepo.reporters.sign_in import code_of
from nerirepo.reporters.tables import Challenge
from nerirepo.words import language
from operate.serving.front import create_front
from tests.factories import a_member, a_reporter, life, people, send_photo, send_report, take_action
from tests.support.axe import AXE, CONTRAST, WCAG, violations
from tests.support.breadth import breadth


def look_at(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    page.add_script_tag(path=AXE)
    assert violations(page, WCAG) == [], page.url
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(26, 26, 26)"
    assert violations(page, CONTRAST) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("lang", breadth(*language.LANGUAGES))
def test_an_answer_and_following_by_mail_are_for_everybody(inspected: Page, lang: str) -> None:
    client, hanako, desk = TestClient(create_front()), a_reporter(), a_member()
    photo = send_photo(client, hanako)
    sent = send_report(client, hanako, photo_ids=[photo]).json()["receipt"]
    report_id, number = sent["report_id"], sent["number"]
    take_action(desk, report_id, "accept", public_text="街路灯が消えています。")

    inspected.goto(f"/l/follow/{number}?lang={lang}")
    look_at(inspected)
    inspected.locator("#email").fill("jiro")
    inspected.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    inspected.locator("main .fault").wait_for()
    look_at(inspected)
    inspected.locator("#email").fill("jiro@example.jp")
    inspected.locator("main button").click()
    inspected.get_by_text("jiro@example.jp").wait_for()
    look_at(inspected)

    with reading() as session:
        challenge = session.exec(select(Challenge)).one()
    token = links.make(Purpose.CONFIRM, UUID(report_id), challenge.id, since=challenge.created_at)
    inspected.goto(f"/l/confirm/{token}?lang={lang}")
    look_at(inspected)
    inspected.locator("main button").click()
    inspected.locator(f"main a[href^='/reports/{number}']").wait_for()
    look_at(inspected)

    take_action(desk, report_id, "resolve", public_note="電球を替えました。", no_photo_reason="dark")
    for purpose in (Purpose.ANSWER, Purpose.UNSUBSCRIBE):
        token = links.make(purpose, UUID(report_id), hanako.id)
        inspected.goto(f"/l/{purpose}/{token}?lang={lang}")
        look_at(inspected)
        inspected.locator("main button").first.click()
        inspected.wait_for_load_state()
        look_at(inspected)
    inspected.goto(f"/l/answer/nonsense?lang={lang}")
    look_at(inspected)


@pytest.mark.parametrize("lang", breadth(*language.LANGUAGES))
def test_the_plain_form_is_for_everybody(inspected: Page, lang: str) -> None:
    inspected.goto(f"/l/report?lang={lang}")
    look_at(inspected)
    inspected.locator("#email").fill("hanako@example.jp")
    inspected.locator("main button.first").click()
    inspected.locator("#code").wait_for()
    look_at(inspected)
    with reading() as session:
        challenge = session.exec(select(Challenge.id).order_by(col(Challenge.created_at).desc())).first()
    assert challenge
    inspected.locator("#code").fill(code_of(challenge))
    inspected.locator("main button.first").click()
    inspected.locator("#category").select_option("lamp.out")
    look_at(inspected)
    check = inspected.locator("button[value=check]")
    check.click()
    inspected.locator("main .fault").wait_for()  # no place, no words
    look_at(inspected)
    inspected.locator("#town").select_option("豊玉北六丁目")
    inspected.locator("#landmark").fill("区役所の北の角")
    inspected.locator("#description").fill("消えています。")
    inspected.locator("[name=eligibility]").first.check()
    check.click()
    send = inspected.locator("button[value=send]")
    check.or_(send).wait_for()
    look_at(inspected)
    if check.is_visible():  # a kind with questions asks them first
        check.click()
        send.wait_for()
        look_at(inspected)
    send.click()
    inspected.get_by_text("NR-").first.wait_for()
    look_at(inspected)


LINES = """each => {
    const words = document.createRange();
    words.selectNodeContents(each);
    return words.getClientRects().length;
}"""


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_letter_fits_a_small_phone_and_breaks_no_number(
    inspected: Page, mailbox: Path, work: Callable[[], None], lang: str
) -> None:
    life.post(people.resident(locale=lang))
    work()
    (letter,) = life.letters(mailbox, "hanako@example.jp")
    inspected.set_viewport_size({"width": 360, "height": 740})
    inspected.set_content(life.body(letter, "html"))
    assert inspected.evaluate("document.documentElement.scrollWidth") == 360
    number = inspected.locator("td", has_text="NR-").first
    assert number.evaluate(LINES) == 1
