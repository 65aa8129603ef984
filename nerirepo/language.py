"""In which language, and with which words? Message catalogues in `locales/<language>/*.po`, by key.

Keys are dotted (`status.received`); values may hold {placeholders}. Whatever residents read, and the names in
the ward's data, is written in each of `LANGUAGES`; what only staff read, in `STAFF_LANGUAGES`.

Easy Japanese says how a word is read right behind it, 道路（どうろ）. Plain text keeps that, pages show it
above the word (`web.ruby`).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po

from nerirepo.clock import in_japan, today_in_japan

LANGUAGES = ("ja", "ja-easy", "en", "zh-Hans", "ko")
STAFF_LANGUAGES = ("ja", "en")
"""Of the pages for the ward's own staff, and of `locales/*/staff.po`."""
DEFAULT = "ja"
OWN_NAMES = {
    "ja": "日本語",
    "ja-easy": "やさしい日本語",
    "en": "English",
    "zh-Hans": "简体中文",
    "ko": "한국어",
}
"""Each language in its own words, for whoever looks for it."""

_NEXT_BEST = {"ja-easy": "ja", "zh-Hans": "en", "ko": "en", "en": "ja"}
"""Where words are missing: the ward's own texts may be written in fewer languages than its pages."""
_JAPANESE = re.compile("[぀-ヿ一-鿿]")
_TAGS = {"ja-easy": "ja-x-easy"}
_LOCALES = {each: Locale.parse({"ja-easy": "ja", "zh-Hans": "zh_Hans"}.get(each, each)) for each in LANGUAGES}
"""As babel knows each language: looked up by its name it takes as long as writing the date."""
_LONG_DATE = {
    "ja": "y年M月d日(E)",
    "ja-easy": "y年M月d日(E)",
    "en": "E, d MMM y",
    "zh-Hans": "y年M月d日（E）",
    "ko": "y년 M월 d일 (E)",
}
_SHORT_DATE = {"ja": ("M月d日", "y年M月d日"), "en": ("d MMM", "d MMM y")}
"""Of `STAFF_LANGUAGES`: in this year, and in others."""

Translate = Callable[..., str]


class MessageMissing(KeyError):
    """A key has no message in a catalogue."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Key to message, as written in one language: all its files, which are split only by who edits them."""
    found: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "locales" / language).glob("*.po")):
        with path.open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return found


@cache
def messages(language: str) -> Mapping[str, str]:
    """As `catalogue`, with what is missing from the next best language."""
    found: dict[str, str] = {}
    for each in reversed(best_first(language)):
        found |= catalogue(each)
    return found


@cache
def translator(language: str) -> Translate:
    """`translate(key, **values)` for one of `LANGUAGES`; raises `MessageMissing` for a wrong key."""
    known = messages(language)

    def translate(key: str, **values: object) -> str:
        try:
            return known[key].format(**values) if values else known[key]
        except KeyError as missing:
            raise MessageMissing(f"{language}: {key} ({missing})") from missing

    return translate


def best_first(language: str) -> list[str]:
    """The language, and where words may come from that are missing in it."""
    found = [language if language in LANGUAGES else DEFAULT]
    while found[-1] in _NEXT_BEST:
        found.append(_NEXT_BEST[found[-1]])
    return found


def tag(language: str) -> str:
    """For `lang` and `hreflang`: easy Japanese is a private use of Japanese (RFC 5646, 2.2.7)."""
    return _TAGS.get(language, language)


def lang_of(words: str | None, page: str) -> str | None:
    """The `lang` attribute for the ward's and residents' words on a page in a language; None: as the page."""
    return "ja" if words and page != "ja" and _JAPANESE.search(words) else None


def name(names: Mapping[str, str], language: str) -> str:
    """The name in a language, or in the nearest one that there is."""
    return next((names[each] for each in best_first(language) if names.get(each)), names[DEFAULT])


def contact(ways: Mapping[str, Any], language: str) -> dict[str, Any]:
    """How to reach an office: phone, mail and url as they are, words (`note`) in the language."""
    return {way: name(said, language) if isinstance(said, Mapping) else said for way, said in ways.items()}


def long_date(moment: date | datetime, language: str) -> str:
    """2026年11月23日(月), or Mon, 23 Nov 2026; a moment is shown as Japan's day."""
    return format_date(_day(moment), _LONG_DATE[language], _LOCALES[language])


def short_date(moment: date | datetime, language: str) -> str:
    """11月23日, or 23 Nov: for lists of staff. The year is said where it is not this one."""
    day = _day(moment)
    of_this_year, of_others = _SHORT_DATE[language]
    return format_date(
        day, of_this_year if day.year == today_in_japan().year else of_others, _LOCALES[language]
    )


def time_of_day(moment: datetime) -> str:
    """19:05, in Japan."""
    return f"{in_japan(moment):%H:%M}"


def _day(moment: date | datetime) -> date:
    return in_japan(moment).date() if isinstance(moment, datetime) else moment
