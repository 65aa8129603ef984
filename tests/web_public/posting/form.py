"""The form for posting as somebody uses it, step by step."""

from playwright.sync_api import Page, expect
from sqlmodel import col, func, select

from nerirepo.database.db import reading
from nerirepo.reporters.sign_in import code_of
from nerirepo.reporters.tables import Challenge
from nerirepo.reports.tables import Report, ReportOriginal
from tests.factories import WARD_OFFICE, a_reporter

PATIENCE_MS = 60_000
"""Photos are made small one after the other, and what is cut is tried three times before anybody is told."""
SMALL_PHONE = {"width": 360, "height": 740}
HANAKO = "hanako@example.jp"
OFFICE = {"latitude": WARD_OFFICE["lat"], "longitude": WARD_OFFICE["lon"], "accuracy": 12.0}
SHINJUKU = {"latitude": 35.6938, "longitude": 139.7034, "accuracy": 12.0}


def choose_kind(phone: Page, group: str = "道路・街路灯", kind: str = "街路灯が消えている") -> None:
    phone.locator("summary", has_text=group).click()
    phone.get_by_label(kind, exact=True).check()


def open_form(phone: Page, address: str = "/report") -> None:
    phone.goto(address)
    expect(phone.locator("#step-photo")).to_be_visible()


def onward(phone: Page) -> None:
    phone.locator(".step:visible [data-to]").first.click()


def to_the_place(phone: Page, address: str = "/report") -> None:
    open_form(phone, address)
    onward(phone)
    choose_kind(phone)
    onward(phone)


def fill_in(phone: Page, words: str = "3日前から消えています。") -> None:
    """From the first step to the last, without a photo, by GPS."""
    to_the_place(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    onward(phone)
    phone.get_by_role("textbox", name="ようすを教えてください").fill(words)
    onward(phone)


def sign_in(phone: Page, email: str = HANAKO) -> None:
    phone.get_by_label("メールアドレス").fill(email)
    phone.get_by_role("button", name="確認コードをメールでもらう").click()
    expect(phone.get_by_label("6けたの確認コード")).to_be_visible()
    with reading() as session:
        challenge = session.exec(select(Challenge.id).order_by(col(Challenge.created_at).desc())).first()
    assert challenge
    phone.get_by_label("6けたの確認コード").fill(code_of(challenge))
    phone.get_by_role("button", name="確認する", exact=True).click()
    expect(phone.locator("#code-form")).to_be_hidden()


def say_lives_here(phone: Page) -> None:
    phone.get_by_label("住んでいる").check()
    phone.locator("#eligibility-form button").click()


def the_report() -> tuple[Report, ReportOriginal]:
    with reading() as session:
        return session.exec(
            select(Report, ReportOriginal).join(ReportOriginal, col(ReportOriginal.report_id) == Report.id)
        ).one()


def sent(phone: Page) -> Report:
    """The report of somebody who has just signed in and sent her first."""
    phone.goto("/me")
    sign_in(phone)
    fill_in(phone)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    return the_report()[0]


READ_DRAFT = """() => new Promise((resolve) => {
    indexedDB.open("posting").onsuccess = ({ target }) => {
        const drafts = IDBKeyRange.bound("draft/", "draft/~");
        target.result.transaction("kept").objectStore("kept").getAll(drafts).onsuccess = ({ target }) => {
            const [{ place, description }] = target.result;
            resolve({ place, description });
        };
    };
})"""


def press_send(phone: Page) -> None:
    phone.get_by_role("button", name="送る", exact=True).click()


def reports() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Report)).one()


def signed_in(phone: Page) -> None:
    """Somebody who has posted before."""
    a_reporter()
    phone.goto("/me")
    sign_in(phone)
    expect(phone.locator("#mine")).to_be_visible()
