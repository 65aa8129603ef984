"""What somebody says about a report of theirs is heard once, and is not lost while they write it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlmodel import col, delete, func, select

from nerirepo.database.db import reading, transaction
from nerirepo.reporters.tables import Device
from nerirepo.reports.tables import ReportEvent
from tests.factories import a_member, a_reporter, take_action
from tests.support.mail_server import mail_code, moody
from tests.web_public.posting.form import HANAKO, PATIENCE_MS, sent, sign_in


def comments() -> int:
    with reading() as session:
        wanted = select(func.count()).select_from(ReportEvent).where(col(ReportEvent.kind) == "comment")
        return session.exec(wanted).one()


def open_own(phone: Page) -> None:
    a_reporter()
    report = sent(phone)
    phone.goto("/me")
    phone.get_by_text(report.number).click()
    phone.get_by_label("付け足すこと").fill("北の角です")


def test_a_comment_whose_answer_was_lost_is_written_once(phone: Page, context: BrowserContext) -> None:
    open_own(phone)
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route)
        route.fetch()
        return route.abort()

    context.route("**/v1/reports/*/comments", lose)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.locator("#reports [role=status]", has_text="送りました。")).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert lost
    assert comments() == 1


@pytest.mark.parametrize(
    ("action", "fields", "button"),
    [
        ("resolve", {"public_note": "直しました。", "no_photo_reason": "夜の工事"}, "直ってよかった"),
        ("decline", {"public_note": "基準の中です。", "reason_code": "not_a_report"}, "役に立たなかった"),
    ],
)
def test_an_answer_is_told_and_how_to_change_it(
    phone: Page, action: str, fields: dict[str, str], button: str
) -> None:
    a_reporter()
    report = sent(phone)
    take_action(a_member(), str(report.id), action, **fields)
    phone.goto("/me")
    phone.get_by_text(report.number).click()
    answer = phone.get_by_role("button", name=button, exact=True)
    expect(answer).to_be_visible()
    expect(phone.locator("#reports")).not_to_contain_text("お答えをいただいています")
    answer.click()
    told = phone.locator("#reports .notice", has_text=f"「{button}」とお答えをいただいています")
    expect(told).to_contain_text("お答えを変えるときは、もう一度えらんでください")
    expect(phone.locator("#reports .timeline li").last).to_contain_text(button)


def test_words_that_are_being_written_stay_when_the_list_changes(phone: Page) -> None:
    open_own(phone)
    with reading() as session:
        report = session.exec(select(ReportEvent.report_id)).first()
    take_action(a_member(), str(report), "start", public_note="始めました。")
    with phone.expect_response("**/v1/changes*"):
        phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_label("付け足すこと")).to_have_value("北の角です")
    phone.locator("#reports summary").click()
    phone.locator("#reports summary").click()
    expect(phone.get_by_label("付け足すこと")).to_have_value("北の角です")


def test_a_comment_after_the_sign_in_has_ended_asks_for_it_and_goes(phone: Page) -> None:
    open_own(phone)
    with transaction() as session:
        session.exec(delete(Device))
    phone.get_by_role("button", name="送る", exact=True).click()
    sign_in(phone)
    expect(phone.locator("#reports [role=status]", has_text="送りました。")).to_be_visible()
    assert comments() == 1


def test_a_letter_that_the_mail_server_refused_is_told_where_its_code_is_asked_for(
    phone: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.goto("/me")
    phone.get_by_label("メールアドレス").fill(HANAKO)
    with phone.expect_response("**/v1/sign-in") as begun:
        phone.get_by_role("button", name="確認コードをメールでもらう").click()
    expect(phone.get_by_label("6けたの確認コード")).to_be_visible()
    challenge_id = begun.value.json()["challenge_id"]

    def refuse() -> None:
        with moody(monkeypatch) as server:
            server.to_recipient = ["550 5.1.1 no such mailbox"]
            mail_code(challenge_id)

    with ThreadPoolExecutor() as beside_the_browser:  # which has an event loop of its own
        beside_the_browser.submit(refuse).result()
    expect(phone.locator("#sign-in-fault")).to_contain_text("届けられませんでした", timeout=PATIENCE_MS)
    expect(phone.get_by_label("メールアドレス")).to_have_value(HANAKO)
