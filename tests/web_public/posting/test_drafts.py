"""Each page has a draft of its own, and none is lost, mixed or written over."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.web_public.posting.form import (
    fill_in,
    open_form,
    press_send,
    reports,
    signed_in,
)


def words_of(page: Page) -> str:
    return page.locator("#description").input_value()


def test_two_tabs_have_two_drafts_and_neither_loses_words_when_the_other_sends(
    phone: Page, context: BrowserContext
) -> None:
    signed_in(phone)
    fill_in(phone, "一つめ")
    other = context.new_page()
    open_form(other)
    assert words_of(other) == ""
    fill_in(other, "二つめ")
    phone.bring_to_front()
    press_send(phone)
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    other.reload()
    expect(other.locator("#step-photo")).to_be_visible()
    assert words_of(other) == "二つめ"
    assert reports() == 1


def test_what_a_closed_page_leaves_is_gone_on_with_or_kept_beside_a_new_one(
    phone: Page, context: BrowserContext
) -> None:
    fill_in(phone, "書きかけ")
    phone.close()
    again = context.new_page()
    open_form(again)
    expect(again.locator("#continued")).to_be_visible()
    assert words_of(again) == "書きかけ"
    again.get_by_role("button", name="べつの投稿を新しく書く").click()
    expect(again.locator("#unfinished")).to_contain_text("書きかけ")
    assert words_of(again) == ""
    again.get_by_role("button", name="つづきを書く").click()
    expect(again.locator("#unfinished")).to_be_hidden()
    expect(again.locator("#step-photo")).to_be_visible()
    assert words_of(again) == "書きかけ"


def test_a_link_begins_a_draft_of_its_own(phone: Page) -> None:
    fill_in(phone, "書きかけ")
    open_form(phone, "/report?lat=35.7356&lon=139.6522")
    assert words_of(phone) == ""
    expect(phone.locator("#unfinished")).to_contain_text("書きかけ")


def test_a_draft_from_before_there_were_several_is_brought_along(phone: Page) -> None:
    open_form(phone)
    phone.evaluate(
        """() => new Promise((resolve) => {
            indexedDB.open("posting").onsuccess = ({ target }) => {
                const old = { pictures: [], category: "lamp.out", answers: {}, description: "前の版" };
                const writing = target.result.transaction("kept", "readwrite");
                writing.objectStore("kept").put(old, "draft");
                writing.oncomplete = resolve;
            };
        })"""
    )
    phone.reload()
    expect(phone.locator("#continued")).to_be_visible()
    assert words_of(phone) == "前の版"


def test_what_is_emptied_again_is_not_kept(phone: Page) -> None:
    open_form(phone)
    phone.locator("#description").evaluate("it => { it.value = '消す'; it.oninput(); }")
    phone.locator("#description").evaluate("it => { it.value = ''; it.oninput(); }")
    phone.reload()
    expect(phone.locator("#step-photo")).to_be_visible()
    assert phone.evaluate(KEPT_DRAFTS) == 0


KEPT_DRAFTS = """() => new Promise((resolve) => {
    indexedDB.open("posting").onsuccess = ({ target }) => {
        const drafts = IDBKeyRange.bound("draft/", "draft/~");
        target.result.transaction("kept").objectStore("kept").count(drafts).onsuccess =
            ({ target }) => resolve(target.result);
    };
})"""
