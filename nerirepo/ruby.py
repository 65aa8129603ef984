"""How is a word with its reading, 道路（どうろ）, shown on a page? The reading small and above the word."""

import re

_WORD_AND_READING = re.compile(r"([一-鿿々〆]+)（([ぁ-ゖァ-ヺー]+)）")
# What stands in a tag is no text of the page, nor is what browsers show as plain text.
_TAG_OR_PLAIN = re.compile(r"(<(title|option|textarea|script|text)\b[^>]*>.*?</\2>|<[^>]*>)", re.DOTALL)


def with_readings(html: str) -> str:
    """The page with `<ruby>` in all of its text. `html` is well formed: `<` and `>` stand for tags only."""
    parts = _TAG_OR_PLAIN.split(html)
    # Text, tag, name of the tag, text, tag ...
    return "".join(
        _ruby(part) if index % 3 == 0 else part for index, part in enumerate(parts) if index % 3 != 2
    )


def without_readings(text: str) -> str:
    """道路, for places where a reading cannot stand above."""
    return _WORD_AND_READING.sub(r"\1", text)


def _ruby(text: str) -> str:
    return _WORD_AND_READING.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", text)
