"""Which of our languages does a browser want most? RFC 9110, 12.5.4."""

import re
from functools import lru_cache

from babel import negotiate_locale

from nerirepo.words.language import DEFAULT, tag

LONGEST_WISH = 500
"""Characters of the header that are looked at; browsers send fewer than a hundred."""
_WISH = re.compile(
    r"(?P<language>\*|[A-Z]{1,8}(-[A-Z0-9]{1,8})*)"
    r"([ \t]*;[ \t]*q[ \t]*=[ \t]*(?P<weight>0(\.\d{0,3})?|1(\.0{0,3})?))?",
    re.IGNORECASE | re.ASCII,
)
"""One of Accept-Language."""


def chosen(accept_language: str | None, languages: tuple[str, ...]) -> str:
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
