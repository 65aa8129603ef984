"""How a page is written: templates, words in the reader's language, days and times in Japan's."""

from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from nerirepo.staff.tables import Member
from nerirepo.words import language
from web.static_files import versioned
from web.templates import environment
from web_staff.area import area_of
from web_staff.from_list import list_address, with_list

STATIC = Path(__file__).parent / "static"
LANGUAGE_COOKIE = "nerirepo_lang"
ONCE = frozenset({"lang", "done", "form", "of"})
"""What an address says of this one answer."""


@cache
def _templates() -> Environment:
    return environment(Path(__file__).parent / "templates")


def chosen_language(request: Request) -> str:
    """`?lang=`, or what was last chosen so; Japanese first."""
    for wish in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wish in language.STAFF_LANGUAGES:
            return wish
    return language.DEFAULT


def page(
    request: Request, template: str, *, member: Member | None = None, status: int = 200, **values: Any
) -> Response:
    """A page from `templates/`, in the language of the request."""
    lang, place = chosen_language(request), area_of(request)
    words = {
        "lang": lang,
        "t": language.translator(lang),
        "error": lambda code: _error(code, lang),
        "day": lambda value: language.long_date(value, lang),
        "short": lambda value: language.short_date(value, lang),
        "moment": lambda value: _moment(value, lang),
        "place": place,
        "static": lambda path: versioned(f"{place}/static/{path}", STATIC / path),
        "list_address": list_address(request),
        "with_list": partial(with_list, request),
        "in_language": partial(_in_language, request),
    }
    html = _templates().get_template(template).render(words, member=member, **values)
    response = HTMLResponse(html, status)
    if request.query_params.get("lang") == lang:
        response.set_cookie(LANGUAGE_COOKIE, lang, max_age=365 * 86400, samesite="lax", httponly=True)
    return response


def _in_language(request: Request, lang: str) -> str:
    """The query that shows the same page in another language."""
    asked = [(key, value) for key, value in request.query_params.multi_items() if key not in ONCE]
    return f"?{urlencode([*asked, ('lang', lang)])}"


def _error(code: str, lang: str) -> str:
    """The catalogue's words for an error's code."""
    messages = language.messages(lang)
    return messages.get(f"error.{code}", messages["error.other"])


def _moment(value: datetime, lang: str) -> str:
    return f"{language.long_date(value, lang)} {language.time_of_day(value)}"
