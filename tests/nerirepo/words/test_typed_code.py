"""A code is read in whatever form it was typed or pasted."""

import pytest

from nerirepo.words.language import LANGUAGES, translator
from nerirepo.words.typed_code import read


@pytest.mark.parametrize(
    "typed",
    [
        "123456",
        "１２３４５６",
        "123 456",
        " 1 2 3 4 5 6 ",
        "123-456",
        "１２３－４５６",
        "123ー456",
        "123–456",
        "12.34.56",
        "123\u3000456",
        "\u200b123\u200b456\ufeff",
        "١٢٣٤٥٦",
        "۱۲۳۴۵۶",
        "१२३४५६",
        "①②③④⑤⑥",
        "一二三四五六",
        "「123456」",
        "【１２３４５６】",
        "認証コード: 123456",
        "認証コード：１２３４５６です。10分以内に使ってください。",
        "2026年11月28日 123456",
        "123456\n10分以内に使ってください",
        "code=123456.",
    ],
)
def test_a_code_is_read(typed: str) -> None:
    assert read(typed, 6) == "123456"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_of_its_letter_may_be_pasted(language: str) -> None:
    subject = translator(language)("mail.code.subject", code="012345", service="ねりまちレポーター")
    assert read(subject, 6) == "012345"


@pytest.mark.parametrize("typed", ["", "abc", "12345", "1234567", "12345678", "1a2b3c4d5e6f"])
def test_what_holds_no_code_is_none(typed: str) -> None:
    assert read(typed, 6) == ""


def test_several_codes_are_one_guess() -> None:
    assert read("111111 222222 333333", 6) == "111111"
