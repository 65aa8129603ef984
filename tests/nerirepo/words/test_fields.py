"""Words that people type arrive clean, or are refused; no reader, database or terminal chokes on them."""

import unicodedata
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from nerirepo.base.ids import uuid7
from nerirepo.words.fields import Moment, Text, Uuid7

TEXT: TypeAdapter[str] = TypeAdapter(Text)
ID: TypeAdapter[object] = TypeAdapter(Uuid7)
MOMENT: TypeAdapter[object] = TypeAdapter(Moment)


@given(st.text())
def test_a_text_is_clean_or_refused(words: str) -> None:
    try:
        clean = TEXT.validate_python(words)
    except ValidationError:
        return
    clean.encode("utf-8")
    assert "\0" not in clean
    assert clean == clean.strip() == unicodedata.normalize("NFC", clean)
    assert TEXT.validate_python(clean) == clean


@pytest.mark.parametrize(
    "words",
    ["\ud800", "穴\udfff", "e" + "\u0301" * 10, 5, None, True, b"x", ["x"]],
    ids=repr,
)
def test_what_is_no_clean_text_is_refused(words: object) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(words)


@pytest.mark.parametrize(
    "words",
    [
        "道路の穴です。",
        "二行\nの文",
        "列\tの間",
        "がぎぐ",
        "👨‍👩‍👧‍👦",
        "❤️‍🔥 🏳️‍🌈 👩🏽‍🔧 1️⃣ ☎︎",
        "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
        "नमस्ते क्‍ष",
        "می‌خواهم",
        "ภาษาไทย",
        "𠮷野家",
        "葛\U000e0100城 辻\U000e0101",
        "\ue63e",
        "",
    ],
)
def test_what_people_write_is_taken(words: str) -> None:
    assert TEXT.validate_python(words) == unicodedata.normalize("NFC", words)


def test_line_ends_of_all_systems_become_one() -> None:
    assert TEXT.validate_python("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"], ids=repr)
def test_what_word_and_pdf_break_lines_with_is_a_line_end(end: str) -> None:
    assert TEXT.validate_python(f"穴が{end}あいている") == "穴が\nあいている"


@pytest.mark.parametrize(
    "unseen",
    [
        *"\0\x02\x03\x1b\x1f\x7f\x92\x9f\xad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202d\u202e\u2060\u2063",
        *"\u2066\u2069\u206f\ufdd0\ufeff\ufff9\ufffc\ufffe\uffff\U0001fffe\U0010ffff\U000e0001\U000e0041\U0001d173",
        "\U000e0062\U000e007f",
        "\u200b\ufeff\u200d\u200d",
    ],
    ids=ascii,
)
def test_what_nobody_sees_is_dropped(unseen: str) -> None:
    assert TEXT.validate_python(f"{unseen}穴が{unseen}あいている{unseen}") == "穴があいている"


def test_a_message_hidden_in_selectors_is_dropped() -> None:
    hidden = "".join(chr(0xE0100 + each) for each in range(16)) + "\ufe0e\ufe01"
    assert TEXT.validate_python("😀" + hidden) == "😀\U000e0100"
    assert TEXT.validate_python("穴 \ufe0fです") == "穴 です"


@pytest.mark.parametrize(
    "words",
    [
        *("\u200b", "\u2800", "\u3164", "\u115f\u1160", "\uffa0", "\u3000 \t\n", "\u00a0", "\u200d\ufe0f"),
        *("\u2800\u3164\n\u200b", "\ufeff", "\U000e0041\U000e0042", "\u17b4", "\x0c\x0b", "\u0301"),
        "\u2003\u202f\u205f",
    ],
    ids=ascii,
)
def test_words_that_nobody_can_see_are_no_words(words: str) -> None:
    assert TEXT.validate_python(words) == ""


@pytest.mark.parametrize("words", ["\u2800\u2801", "\u1160가", "。", "-", "😀", "1", "\U0001fadf"], ids=ascii)
def test_whatever_can_be_seen_is_words(words: str) -> None:
    assert TEXT.validate_python(words) != ""


def test_a_bound_is_for_what_is_left() -> None:
    bounded: TypeAdapter[str] = TypeAdapter(Annotated[Text, Field(min_length=1, max_length=3)])
    assert bounded.validate_python("あ\u200bい\u200bう\u200b") == "あいう"
    for words in ("\u200b", "あいうえ"):
        with pytest.raises(ValidationError):
            bounded.validate_python(words)


def test_our_own_ids_are_of_version_7_and_rise() -> None:
    ids = [uuid7() for _ in range(100)]
    assert all(each.version == 7 and each.variant == "specified in RFC 4122" for each in ids)
    assert len(set(ids)) == 100
    moments = [each.int >> 80 for each in ids]
    assert moments == sorted(moments)


@pytest.mark.parametrize("value", ["0193e4a0-0000-4000-8000-000000000000", "x", 5, None, ""], ids=repr)
def test_an_id_of_another_version_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        ID.validate_python(value)


@pytest.mark.parametrize("value", ["2026-11-23T09:00:00", 1700000000, "昨日", None], ids=repr)
def test_a_moment_needs_its_offset_and_is_written_out(value: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(value)
