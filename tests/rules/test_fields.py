"""Words that people type arrive clean, or are refused; no reader, database or terminal chokes on them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from nerirepo.fields import Moment, Text, Uuid7
from nerirepo.ids import uuid7

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
    ["穴\0", "\ud800", "a\x1b[31m", "\x85", "e" + "\u0301" * 10, 5, None, True, b"x", ["x"]],
    ids=repr,
)
def test_what_is_no_clean_text_is_refused(words: object) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(words)


@pytest.mark.parametrize(
    "words", ["道路の穴です。", "二行\nの文", "がぎぐ", "👨‍👩‍👧‍👦", "नमस्ते", "ภาษาไทย", "𠮷野家", ""]
)
def test_what_people_write_is_taken(words: str) -> None:
    assert TEXT.validate_python(words) == unicodedata.normalize("NFC", words)


def test_line_ends_of_all_systems_become_one() -> None:
    assert TEXT.validate_python("a\r\nb\rc\nd") == "a\nb\nc\nd"


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
