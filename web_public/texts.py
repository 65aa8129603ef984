"""/help, /about, /terms, /privacy, /accessibility: the ward's own texts, written in Markdown."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from nerirepo.base.errors import NotFound
from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.words.language import best_first
from web_public.answer import page
from web_public.page_context import PageContext

PAGES = ("help", "about", "terms", "privacy", "accessibility")

# HTML in a text is shown as it is written: an editor of texts is no editor of scripts.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def text_page(request: Request) -> Response:
    name = request.scope["path"].strip("/")
    with public_reading() as session:
        visit = PageContext.of(request, read.ward(session))
        written = read.ward_text(session, name, visit.language)
    if not written:
        raise NotFound
    if name == "accessibility":
        written = _with_the_latest_test(written, visit)
    return page(
        request,
        visit,
        "text.html",
        title=visit.t(f"site.nav.{name}"),
        text=Markup(_MARKDOWN.render(written)),
        text_lang=visit.tag_of(_written_in(name, visit)),
    )


def _with_the_latest_test(written: str, visit: PageContext) -> str:
    """When a ward's text speaks of the test of its pages, the day and the tool are those of this release."""
    test = _accessibility_test()
    return written.replace("{tested_on}", visit.date(test["tested_on"])).replace("{axe}", test["axe"])


@cache
def _accessibility_test() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "accessibility_test.toml").read_text())


def _written_in(page: str, visit: PageContext) -> str:
    return next(each for each in best_first(visit.language) if each in visit.ward.pages[page])
