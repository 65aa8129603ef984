"""By which pieces is Japanese text found, which has no spaces between its words? Pure.

A text is indexed by its letters and its pairs of neighbouring letters, so that words of one and two letters
(穴, 公園) are found as fast as long ones. PostgreSQL's own trigrams need three.
"""

import unicodedata
from itertools import pairwise

HYPHENS = "-‐‑‒–—―−ー"
"""Whatever a Japanese keyboard makes of the key, after NFKC; the first stands for all."""

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_ALIKE = _KATAKANA | {ord(numeral): str(digit) for digit, numeral in enumerate("一二三四五六七八九", 1)}


def folded(text: str) -> str:
    """As it is compared: half width and full width, capital and small letters, both kana (ブランコ, ぶらんこ)
    and both ways to write a town's number (豊玉北6丁目, 豊玉北六丁目) are the same."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)


def grams(text: str) -> list[str]:
    """The single letters and the pairs that occur in a folded text; pairs do not reach over a space."""
    found: set[str] = set()
    for word in text.split():
        found.update(word)
        found.update(one + other for one, other in pairwise(word))
    return sorted(found)


def wanted(word: str) -> list[str]:
    """The pieces of any text that contains `word` (folded, without spaces): its pairs, or its one letter."""
    return sorted({word[at : at + 2] for at in range(max(len(word) - 1, 1))})
