"""In which language, and with which words? Message catalogues in `locales/<language>/*.po`, by key.

Keys are dotted (`status.received`); values may hold {placeholders}. Whatever residents read, and the names in
the ward's data, is written in each of `LANGUAGES`; what only staff read, in `STAFF_LANGUAGES`.

Easy Japanese says how a word is read right behind it, 道路（どうろ）. Plain text keeps that, pages show it
above the word (`nerirepo.ruby`).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, negotiate_locale
from babel.messages.pofile import read_po

from nerirepo.clock import in_japan, today_in_japan

LANGUAGES = ("ja", "ja-easy", "en", "zh-Hans", "ko")
STAFF_LANGUAGES = ("ja", "en")
"""Of the pages for the ward's own staff, and of `locales/*/staff.po`."""
DEFAULT = "ja"
LONGEST_WISH = 500
"""Characters of an Accept-Language header that are looked at; browsers send fewer than a hundred."""
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
_WISH = re.compile(
    r"(?P<language>\*|[A-Z]{1,8}(-[A-Z0-9]{1,8})*)"
    r"([ \t]*;[ \t]*q[ \t]*=[ \t]*(?P<weight>0(\.\d{0,3})?|1(\.0{0,3})?))?",
    re.IGNORECASE | re.ASCII,
)
"""One of Accept-Language."""
_JAPANESE = re.compile("[぀-ヿ一-鿿]")
_TAGS = {"ja-easy": "ja-x-easy"}
_WEEKDAYS = {
    "ja": "月火水木金土日",
    "ja-easy": "月火水木金土日",
    "zh-Hans": "一二三四五六日",
    "ko": "월화수목금토일",
}
_DAY = {
    "ja": "{year}年{month}月{day}日({weekday})",
    "ja-easy": "{year}年{month}月{day}日({weekday})",
    "zh-Hans": "{year}年{month}月{day}日（周{weekday}）",
    "ko": "{year}년 {month}월 {day}일 ({weekday})",
}

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


def chosen(accept_language: str | None, languages: tuple[str, ...] = LANGUAGES) -> str:
    """The best of `languages` for an Accept-Language header; Japanese when none fits or it is broken."""
    return _chosen((accept_language or "")[:LONGEST_WISH], languages)


@lru_cache(maxsize=1024)
def _chosen(accept_language: str, languages: tuple[str, ...]) -> str:
    # Every request asks; there are not many browsers.
    wishes = _wishes(accept_language)
    refused = {wish for weight, wish in wishes if weight == 0}
    for weight, wish in sorted(wishes, key=lambda each: -each[0]):  # equal weights stay in their order
        found = _offered(wish, languages, refused) if weight else None
        if found:
            return found
    return _any_but(refused, languages) or DEFAULT


def _wishes(accept_language: str) -> list[tuple[float, str]]:
    """(weight, language in lower case) of what is written as RFC 9110 has it; the rest is passed over."""
    found = (_WISH.fullmatch(part.strip()) for part in accept_language.split(",")[:20])
    return [(float(wish["weight"] or 1), wish["language"].lower()) for wish in found if wish]


def _offered(wish: str, languages: tuple[str, ...], refused: set[str]) -> str | None:
    if wish == "*":
        return _any_but(refused, languages)
    by_name = {name.lower(): each for each in languages for name in (each, tag(each))}
    if wish in by_name:
        return by_name[wish]
    if wish.split("-")[0] in ("zh", "cmn"):
        is_offered = "zh-Hans" in languages and "zh-hans" not in refused
        return "zh-Hans" if is_offered and _is_simplified(wish) else None
    near = negotiate_locale([wish], [each for each in languages if "-" not in each], sep="-")
    return near if near and near.lower() not in refused else None


def _is_simplified(chinese: str) -> bool:
    """The script decides, else the place: Taiwan, Hong Kong and Macao write traditional characters.

    Those are another script, which we do not have: whoever asks for them is given what else they ask for, and
    else Japanese, and not simplified ones that say to be what was asked for. Their menu is one tap away.
    """
    parts = chinese.split("-")[1:]
    if "hans" in parts:
        return True
    return not {"hant", "tw", "hk", "mo", "yue"} & set(parts)


def _any_but(refused: set[str], languages: tuple[str, ...]) -> str | None:
    """The default, or the first that was not refused with q=0."""
    by_taste = sorted(languages, key=lambda each: each != DEFAULT)
    return next((each for each in by_taste if not {each.lower(), each.partition("-")[0]} & refused), None)


def name(names: Mapping[str, str], language: str) -> str:
    """The name in a language, or in the nearest one that there is."""
    return next((names[each] for each in best_first(language) if names.get(each)), names[DEFAULT])


def contact(ways: Mapping[str, Any], language: str) -> dict[str, Any]:
    """How to reach an office: phone, mail and url as they are, words (`note`) in the language."""
    return {way: name(said, language) if isinstance(said, Mapping) else said for way, said in ways.items()}


def long_date(moment: date | datetime, language: str) -> str:
    """2026年11月23日(月), or Mon, 23 Nov 2026; a moment is shown as Japan's day."""
    day = in_japan(moment).date() if isinstance(moment, datetime) else moment
    if language in _DAY:
        weekday = _WEEKDAYS[language][day.weekday()]
        return _DAY[language].format(year=day.year, month=day.month, day=day.day, weekday=weekday)
    return f"{day:%a}, {day.day} {Locale('en').months['format']['abbreviated'][day.month]} {day.year}"


def short_date(moment: date | datetime, language: str) -> str:
    """11月23日, or 23 Nov: for lists. The year is said where it is not this one."""
    day = in_japan(moment).date() if isinstance(moment, datetime) else moment
    is_this_year = day.year == today_in_japan().year
    if language.startswith("ja"):
        return f"{day.month}月{day.day}日" if is_this_year else f"{day.year}年{day.month}月{day.day}日"
    month = Locale("en").months["format"]["abbreviated"][day.month]
    return f"{day.day} {month}" if is_this_year else f"{day.day} {month} {day.year}"


def time_of_day(moment: datetime) -> str:
    """19:05, in Japan."""
    return f"{in_japan(moment):%H:%M}"
