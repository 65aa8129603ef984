"""Everybody is spoken to in their own language, on every kind of page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from nerirepo.words.language import LANGUAGES, OWN_NAMES, messages, tag, translator
from tests.support.axe import AXE
from tests.support.breadth import breadth
from tests.web_public.every_page import in_language, pages_of_every_kind
from web.ruby import with_readings, without_readings
from web_public.app import create_app

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VOID = {"meta", "link", "img", "br", "input", "hr", "path", "circle", "rect", "use", "source", "wbr"}
OTHERS = [each for each in LANGUAGES if each != "ja"]


class Spoken(HTMLParser):
    """The page's pieces of text, each with the language in which it says to be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.languages: list[str] = []
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        here = dict(attrs).get("lang") or (self.languages[-1] if self.languages else "")
        for name in ("alt", "aria-label", "title", "placeholder"):
            if spoken := dict(attrs).get(name):
                self.found.append((here, spoken))
        if tag not in VOID:
            self.languages.append(here)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.languages.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.languages.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.languages:
            self.found.append((self.languages[-1], data.strip()))


@pytest.mark.usefixtures("database", "storage")
@pytest.mark.parametrize("lang", breadth("ja-easy", *(each for each in LANGUAGES if each != "ja-easy")))
def test_no_page_leaves_words_of_another_language_unmarked(lang: str) -> None:
    client = TestClient(create_app())
    kana = re.compile("[ぁ-ゖァ-ヺ]")
    unmarked = []
    for path in pages_of_every_kind():
        page = client.get(in_language(path, lang)).text
        assert f'<html lang="{tag(lang)}">' in page, path
        assert all(own_name in page for own_name in OWN_NAMES.values()), path
        if not lang.startswith("ja"):
            spoken = Spoken(re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)).found
            unmarked += [(path, words) for here, words in spoken if kana.search(words) and here[:2] != "ja"]
    assert unmarked == []


@pytest.mark.usefixtures("database", "storage")
def test_only_words_that_are_japanese_are_marked_as_such_among_what_is_chosen() -> None:
    chosen = "/?town=豊玉北六丁目&q={}&since=2026-11-01&bbox=139.6,35.7,139.7,35.8&lang={}"
    for words, lang, marked in (
        ("公园", "zh-Hans", ["豊玉北六丁目"]),
        ("こうえん", "zh-Hans", ["豊玉北六丁目", "こうえん"]),
        ("公園", "ko", ["豊玉北六丁目", "公園"]),
        ("公園", "ja", []),
    ):
        page = TestClient(create_app()).get(chosen.format(words, lang)).text
        chips = page.partition('<ul class="chips chosen"')[2].partition("</ul>")[0]
        assert re.findall('<span lang="ja">(.*?)</span>', chips) == marked, lang
        assert (f'<span lang="ja">{"“" + words + "”"}' in page) == (lang == "zh-Hans" and words in marked)


@pytest.mark.usefixtures("database", "storage")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_wards_texts_name_a_button_as_it_is_written_and_a_standard_as_it_is(lang: str) -> None:
    client = TestClient(create_app())
    button = translator(lang)("posting.title")
    text = client.get(f"/help?lang={lang}").text.partition("<article")[2]
    told = re.sub("<.*?>", "", re.sub("<rp>.*?</rt><rp>.*?</rp>", "", text))
    assert re.search(f"[「“‘]{without_readings(button)}[」”’]", told)
    # The standard of 2016 is WCAG 2.0; 2.2 is more.
    assert not re.search(r"8341-3:2016 ?[（(]WCAG", client.get(f"/accessibility?lang={lang}").text)


@pytest.mark.usefixtures("database", "storage")
def test_easy_japanese_shows_readings_above_words_and_never_in_what_is_spoken() -> None:
    page = TestClient(create_app()).get("/help?lang=ja-easy").text
    assert "<ruby>写真<rp>（</rp><rt>しゃしん</rt><rp>）</rp></ruby>" in page
    assert "<title>使いかた" in page


def test_a_reading_belongs_to_the_word_before_it() -> None:
    assert without_readings("道路（どうろ）の 穴（あな）") == "道路の 穴"
    assert with_readings("<p>仮（かり）の（見本）</p>").count("<rt>") == 1
    assert (
        with_readings('<img alt="道（みち）"><a href="/x?q=道（みち）">')
        == '<img alt="道"><a href="/x?q=道（みち）">'
    )


@pytest.mark.usefixtures("database", "storage")
def test_a_browser_is_answered_in_the_language_that_it_asks_for() -> None:
    client = TestClient(create_app())
    for wish, lang in (("ko-KR,ko;q=0.9", "ko"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("eo", "ja")):
        page = client.get("/statistics", headers={"accept-language": wish})
        assert page.headers["content-language"] == lang
        assert page.headers["vary"] == "Accept-Language"


def test_the_five_languages_are_one_click_away_and_keep_what_was_chosen(phone: Page) -> None:
    pages_of_every_kind()
    phone.goto("/improvements?show=all")
    for lang in (*OTHERS, "ja"):
        phone.locator(".languages summary").click()
        phone.get_by_role("link", name=OWN_NAMES[lang], exact=True).click()
        expect(phone.locator("html")).to_have_attribute("lang", tag(lang))
        assert "show=all" in phone.url


def test_the_languages_close_by_escape_and_when_the_focus_or_a_press_goes_elsewhere(inspected: Page) -> None:
    inspected.goto("/")
    menu, button = inspected.locator(".languages"), inspected.locator(".languages summary")
    button.focus()
    for keys in (["Enter", "Escape"], ["Enter", "Tab", "Escape"]):
        for key in keys:
            inspected.keyboard.press(key)
        expect(menu).not_to_have_attribute("open", "")
        expect(button).to_be_focused()
    for key in ("Enter", *["Tab"] * len(LANGUAGES)):
        inspected.keyboard.press(key)
    expect(menu).to_have_attribute("open", "")
    inspected.keyboard.press("Tab")
    expect(menu).not_to_have_attribute("open", "")
    button.click()
    expect(menu).to_have_attribute("open", "")
    inspected.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def violations(page: Page) -> Iterator[tuple[str, list[str]]]:
    page.add_script_tag(path=AXE)
    found = page.evaluate("tags => axe.run({runOnly: tags, rules: {'target-size': {enabled: true}}})", WCAG)
    for each in found["violations"]:
        yield each["id"], [node["html"] for node in each["nodes"]][:3]


@pytest.mark.parametrize("lang", breadth("ja-easy", "ja", "en", "zh-Hans", "ko"))
def test_every_kind_of_page_is_accessible_and_fits_a_small_phone(inspected: Page, lang: str) -> None:
    found = []
    for path in pages_of_every_kind():
        inspected.goto(in_language(path, lang))
        inspected.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        assert inspected.evaluate("document.documentElement.scrollWidth") <= 360, path
        found += [(path, *each) for each in violations(inspected)]
    assert found == []


NAMES_OF_THE_CODE = {
    "ja": "確認コード",
    "ja-easy": "確認（かくにん）コード",
    "en": "code",
    "zh-Hans": "验证码",
    "ko": "확인 코드",
}
SPEAKS_OF_THE_CODE = [
    "posting.email.send",
    "posting.code",
    "posting.code.again",
    "posting.plain.code_sent",
    "posting.said.code_sent",
    "posting.said.code_missing",
    "error.challenge_used",
    "error.code_wrong",
    "mail.code.subject",
    "mail.code.intro",
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mailed_code_has_one_name_in_form_error_and_mail(language: str) -> None:
    said = messages(language)
    assert [key for key in SPEAKS_OF_THE_CODE if NAMES_OF_THE_CODE[language] not in said[key]] == []
