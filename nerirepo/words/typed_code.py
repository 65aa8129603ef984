"""Which code did somebody type or paste? In whatever form, even a whole line of the letter. Pure."""

import re
import unicodedata

from nerirepo.words.invisible import without_invisible

LONGEST_TYPED = 200
"""Characters that are looked at: a whole line of a letter may be pasted."""

_KANJI = str.maketrans("〇零一二三四五六七八九", "00123456789")
_BETWEEN = r"[\s,.・_\-‐‑‒–—―−ーｰ]{0,3}"
"""What stands between digits that were typed in groups."""


def read(typed: str, digits: int) -> str:
    """The one code in `typed`; empty where there is none.

    One and not each: whoever guesses must not try several at once.
    """
    words = without_invisible(unicodedata.normalize("NFKC", typed)).translate(_KANJI)
    plain = "".join(_digit(each) for each in words)
    for pattern in (r"\d" * digits, _BETWEEN.join([r"\d"] * digits)):
        found = re.search(rf"(?<!\d){pattern}(?!\d)", plain)
        if found:
            return re.sub(r"\D", "", found[0])
    return ""


def _digit(character: str) -> str:
    """Arabic-Indic and all the others, as 0 to 9."""
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)
