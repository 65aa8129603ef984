"""In which language, and with which words? Message catalogues in `locales/<language>/*.po`, by key.

Keys are dotted (`status.received`); values may hold {placeholders}. A page or letter is written in one of
`LANGUAGES`; names of categories and offices are held in all of `NAME_LANGUAGES` by the ward's data.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.messages.pofile import read_po

from nerirepo.clock import in_japan, today_in_japan

LANGUAGES = ("ja", "en")
NAME_LANGUAGES = ("ja", "ja-easy", "en", "zh-Hans", "ko")
DEFAULT = "ja"

_FALLBACK = {"ja-easy": "ja", "zh-Hans": "en", "ko": "en"}
"""The language of pages for those whose own has no catalogue yet."""
_WEEKDAYS = "月火水木金土日"

Translate = Callable[..., str]


class MessageMissing(KeyError):
    """A key has no message in a catalogue."""


@cache
def messages(language: str) -> Mapping[str, str]:
    """Key to message: all files of one language, which are split only by who edits them."""
    found: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "locales" / language).glob("*.po")):
        with path.open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return found


@cache
def translator(language: str) -> Translate:
    """`translate(key, **values)` for one of `NAME_LANGUAGES`; raises `MessageMissing` for a wrong key."""
    catalogue = messages(language if language in LANGUAGES else _FALLBACK.get(language, DEFAULT))

    def translate(key: str, **values: object) -> str:
        try:
            return catalogue[key].format(**values) if values else catalogue[key]
        except KeyError as missing:
            raise MessageMissing(f"{language}: {key} ({missing})") from missing

    return translate


def chosen(accept_language: str | None, languages: tuple[str, ...] = NAME_LANGUAGES) -> str:
    """The best of `languages` for an Accept-Language header; Japanese when none fits or it is broken."""
    wishes = []
    for position, part in enumerate((accept_language or "").split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), position, tag.strip()))
        except ValueError:
            continue
    for _, _, tag in sorted(wishes):
        exact = {language.lower(): language for language in languages}.get(tag.lower())
        if exact:
            return exact
        if tag.lower().startswith("zh") and "zh-Hans" in languages:
            return "zh-Hans"
        near = negotiate_locale([tag], [each for each in languages if "-" not in each], sep="-")
        if near:
            return near
    return DEFAULT


def name(names: Mapping[str, str], language: str) -> str:
    """The name in a language, or in the nearest one that there is."""
    return names.get(language) or names.get(_FALLBACK.get(language, DEFAULT)) or names[DEFAULT]


def long_date(moment: date | datetime, language: str) -> str:
    """2026年11月23日(月), or Mon, 23 Nov 2026; a moment is shown as Japan's day."""
    day = in_japan(moment).date() if isinstance(moment, datetime) else moment
    if language.startswith("ja"):
        return f"{day.year}年{day.month}月{day.day}日({_WEEKDAYS[day.weekday()]})"
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
