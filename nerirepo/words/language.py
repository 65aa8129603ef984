"""In which language, and with which words? Message catalogues in `locales/<language>/*.po`, by key.

Keys are dotted (`status.received`); values may hold {placeholders}. Whatever residents read, and the names in
the ward's data, is written in each of `LANGUAGES`; what only staff read, in `STAFF_LANGUAGES`.

Easy Japanese says how a word is read right behind it, 道路（どうろ）. Plain text keeps that, pages show it
above the word (`web.ruby`).
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from typing_extensions import TypedDict

from nerirepo.base.clock import in_japan, today_in_japan

LOCALES = Path(__file__).parents[1] / "locales"
"""A folder a language, named as the service names it."""
DEFAULT = "ja"


@dataclass(frozen=True)
class Language:
    """As its `language.toml` has it."""

    position: int
    """In menus."""
    name: str
    """In its own words, for whoever looks for it."""
    long_date: str
    short_date: str = ""
    """Of this year, for lists of staff, and of others: needed where there is a `staff.po`."""
    short_date_of_other_years: str = ""
    instead: str | None = None
    """Where words are missing: the ward's own texts may be written in fewer languages than its pages."""
    tag: str | None = None
    """For `lang` and `hreflang`, where its folder's name will not do."""
    locale: str | None = None
    """By which babel knows it, where its folder's name will not do."""
    has_readings: bool = False
    """道路（どうろ）: shown above the word."""
    writes_han: bool = False
    """Words in Chinese characters alone may be in this language, and need not be Japanese."""


def _read() -> dict[str, Language]:
    found = {
        each.parent.name: Language(**tomllib.loads(each.read_text("utf-8")))
        for each in LOCALES.glob("*/*.toml")
    }
    return dict(sorted(found.items(), key=lambda each: each[1].position))


_LANGUAGES = _read()
LANGUAGES = tuple(_LANGUAGES)
STAFF_LANGUAGES = tuple(each for each in LANGUAGES if (LOCALES / each / "staff.po").exists())
"""Of the pages for the ward's own staff."""
OWN_NAMES = {each: of.name for each, of in _LANGUAGES.items()}
_LOCALES = {each: Locale.parse(of.locale or each) for each, of in _LANGUAGES.items()}
"""As babel knows each language: looked up by its name it takes as long as writing the date."""
_JAPANESE = re.compile("[぀-ヿ一-鿿]")
_KANA = re.compile("[぀-ヿ]")

Translate = Callable[..., str]


class Named(TypedDict):
    """A code of ours, with its name in the language asked for."""

    code: str
    name: str


class MessageMissing(KeyError):
    """A key has no message in a catalogue."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Key to message, as written in one language: all its files, which are split only by who edits them."""
    found: dict[str, str] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
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
    while instead := _LANGUAGES[found[-1]].instead:
        found.append(instead)
    return found


def tag(language: str) -> str:
    """For `lang` and `hreflang`: easy Japanese is a private use of Japanese (RFC 5646, 2.2.7)."""
    return (_LANGUAGES[language].tag if language in _LANGUAGES else None) or language


def plain_tag(language: str) -> str:
    """In small letters and with no private use: as sites of others name their pages."""
    return str(_LOCALES[language]).lower().replace("_", "-")


def has_readings(language: str) -> bool:
    return _LANGUAGES[language].has_readings


def writes_han(language: str) -> bool:
    return _LANGUAGES[language].writes_han


def lang_of(words: str | None, page: str) -> str | None:
    """The `lang` attribute for the ward's and residents' words on a page in a language; None: as the page."""
    return "ja" if words and page != "ja" and _JAPANESE.search(words) else None


def lang_of_typed(words: str | None, page: str) -> str | None:
    """As `lang_of`, for what readers write: on a Chinese page Chinese characters may be Chinese."""
    is_its_own = writes_han(page) and not _KANA.search(words or "")
    return None if is_its_own else lang_of(words, page)


def name(names: Mapping[str, str], language: str) -> str:
    """The name in a language, or in the nearest one that there is."""
    return next((names[each] for each in best_first(language) if names.get(each)), names[DEFAULT])


def named(code: str, names: Mapping[str, str], language: str) -> Named:
    return {"code": code, "name": name(names, language)}


def contact(ways: Mapping[str, Any], language: str) -> dict[str, Any]:
    """How to reach an office: phone, mail and url as they are, words (`note`) in the language."""
    return {
        way: name(cast(Mapping[str, str], said), language) if isinstance(said, Mapping) else said
        for way, said in ways.items()
    }


def long_date(moment: date | datetime, language: str) -> str:
    """2026年11月23日(月), or Mon, 23 Nov 2026; a moment is shown as Japan's day."""
    return format_date(_day(moment), _LANGUAGES[language].long_date, _LOCALES[language])


def short_date(moment: date | datetime, language: str) -> str:
    """11月23日, or 23 Nov: for lists of staff. The year is said where it is not this one."""
    day, of = _day(moment), _LANGUAGES[language]
    form = of.short_date if day.year == today_in_japan().year else of.short_date_of_other_years
    return format_date(day, form, _LOCALES[language])


def time_of_day(moment: datetime) -> str:
    """19:05, in Japan."""
    return f"{in_japan(moment):%H:%M}"


def _day(moment: date | datetime) -> date:
    return in_japan(moment).date() if isinstance(moment, datetime) else moment
