"""How is a word with its reading, 道路（どうろ）, shown on a page? The reading small and above the word."""

import re

_WORD_AND_READING = re.compile(r"([一-鿿々〆]+)（([ぁ-ゖァ-ヺー]+)）")
# Browsers show what stands in these as plain text; a form sends back what stands in the third.
_TAG_OR_PLAIN = re.compile(r"(<(title|text|textarea|script)\b[^>]*>.*?</\2>|<[^>]*>)", re.DOTALL)
_SPOKEN = re.compile(r'(?<= )(?:alt|aria-label|title|content)="[^"]*"|(?<=<title>)[^<]*')


def with_readings(html: str) -> str:
    """The page with `<ruby>` in all of its text. `html` is well formed: `<` and `>` stand for tags only.

    Readings are left out of what is only spoken, such as `alt`: there the word would be heard twice.
    """
    text, *rest = _TAG_OR_PLAIN.split(html)
    tags, texts = rest[::3], rest[2::3]  # between them, the name of a tag whose content was left alone
    parts = (_silent(tag) + _ruby(text) for tag, text in zip(tags, texts, strict=True))
    return _ruby(text) + "".join(parts)


def without_readings(text: str) -> str:
    """道路, for places where a reading cannot stand above."""
    return _WORD_AND_READING.sub(r"\1", text)


def _silent(tag: str) -> str:
    return _SPOKEN.sub(lambda spoken: without_readings(spoken[0]), tag)


def _ruby(text: str) -> str:
    written, words = _WORD_AND_READING.subn(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", text)
    # In one piece: where a page lays out things side by side, a word is not torn from its sentence.
    return f"<span>{written}</span>" if words else text
