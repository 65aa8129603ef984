"""Pages whose work is done by a program in the browser, which asks /v1 of the same address for all data."""

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from nerirepo.base.settings import settings
from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read.towns import town_points
from nerirepo.words import language
from web_public.answer import page
from web_public.page_context import PageContext
from web_public.security import HEADERS
from web_public.static import STATIC

SAID = {
    "posting.said.": "",
    "posting.plain.photos_": "plain.photos_",
    "status.": "status.",
    "group.": "group.",
    "letters.event.": "event.",
    "letters.fact.": "fact.",
    "letters.way.": "way.",
    "letters.answer.": "answer.",
    "mail.decline.reason.": "reason.",
    "mail.submit.": "receipt.",
    "mail.sent_at": "receipt.sent_at",
}
"""Which words the program says: how their keys begin in the catalogue, and how for the program."""


def report(request: Request) -> Response:
    """/report: posting from the browser, by the reference client of the API."""
    with public_reading() as session:
        towns = town_points(session)
    return _page(request, "report.html", "report", towns=towns)


def me(request: Request) -> Response:
    """/me: one's own and followed reports, choices, everything held about one, and erasure."""
    return _page(request, "me.html", "me")


def posting_worker(_: Request) -> Response:
    """/posting-worker.js: lets the posting pages open without a network. At the root, to be allowed to."""
    # Browsers ask for it anew with each visit, so that a fault in it never stays.
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(STATIC / "built" / "posting_worker.js", media_type="text/javascript", headers=headers)


def _page(request: Request, template: str, program: str, **facts: Any) -> Response:
    """The page, the same for everybody; `program` names a file in `program/`, `facts` are the template's."""
    with public_reading() as session:
        visit = PageContext.of(request, read.ward(session))
    words = {
        ours + key.removeprefix(theirs): message
        for key, message in language.messages(visit.language).items()
        for theirs, ours in SAID.items()
        if key.startswith(theirs)
    }
    answer = page(
        request, visit, template, program=program, words=words, service=settings().base_url, **facts
    )
    answer.headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    if settings().uploads == "s3":
        store = urlsplit(settings().s3_endpoint)
        policy = f"{HEADERS['Content-Security-Policy']}; connect-src 'self' {store.scheme}://{store.netloc}"
        answer.headers["Content-Security-Policy"] = policy
    return answer
