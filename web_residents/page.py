"""How does a page behind a link look, in which language, and what may a browser do with it?"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from markupsafe import Markup
from sqlmodel import Session

from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.offered import offered
from nerirepo.catalogue.profile import Profile
from nerirepo.words import language
from web.accept_language import chosen
from web.ruby import with_readings
from web.templates import environment
from web_residents.static import static_url

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


def language_of(request: Request, letters: str | None = None) -> str:
    """The language of the page: `?lang=`, or else the letter's, or else the browser's."""
    asked, ward = request.query_params.get("lang", ""), offered()
    if asked in ward.languages:
        return asked
    return ward.spoken(letters or chosen(request.headers.get("accept-language"), ward.languages))


def page(
    template: str,
    lang: str,
    ward: Profile | None,
    *,
    status: int = 200,
    kept: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """One page. `ward` is the ward's profile, None where it cannot be had; `kept` what an address must go on
    saying when the language is changed.
    """
    translate = language.translator(lang)
    html = (
        _environment()
        .get_template(template)
        .render(
            values
            | {
                "t": translate,
                "lang": lang,
                "tag": language.tag,
                "languages": {each: language.OWN_NAMES[each] for each in offered().languages},
                "ward": ward,
                "kept": kept or {},
                "name": lambda names: language.name(names, lang),
                "day": lambda written: language.long_date(_parsed(written), lang),
                "time": lambda written: language.time_of_day(datetime.fromisoformat(written)),
                "link": lambda path: f"{path}?{urlencode({'lang': lang})}",
                "spoken": lambda words: _spoken(words, lang),
                "static_url": static_url,
            }
        )
    )
    if language.has_readings(lang):
        html = with_readings(html)
    return HTMLResponse(
        html, status, {"Content-Security-Policy": POLICY, "Content-Language": language.tag(lang)}
    )


def ward_profile(session: Session) -> Profile:
    return catalogue.ward(session).profile


def _spoken(words: str, lang: str) -> Markup:
    """Words of the ward's or of residents, which may be Japanese on a page that is not."""
    own = language.lang_of(words, lang)
    return Markup('<span lang="{}">{}</span>').format(own, words) if own else Markup("{}").format(words)


def _parsed(written: str) -> date:
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


@cache
def _environment() -> Environment:
    return environment(Path(__file__).parent / "templates")
