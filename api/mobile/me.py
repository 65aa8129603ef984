"""The signed-in person: profile, choices, everything held about them, and erasure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field, StrictBool

from api.audience import ReadingReporter, WritingReporter
from api.mobile.as_json import AsJson
from api.mobile.contract import answers
from nerirepo.base.errors import NotSignedIn
from nerirepo.privacy.erase import erase
from nerirepo.privacy.export import Export, export
from nerirepo.reporters import profile
from nerirepo.reporters.profile import Profile
from nerirepo.reporters.tables import Eligibility
from nerirepo.words.fields import Request, Text
from nerirepo.words.language import LANGUAGES
from web.db import Reading, Transaction

router = APIRouter(route_class=AsJson, prefix="/me", tags=["me"])

Nickname = Annotated[Text, Field(max_length=40)]


class ProfileChanges(Request):
    """What is left out stays as it is."""

    nickname: Nickname | None = None
    eligibility: Eligibility | None = None
    locale: Annotated[str, Field(strict=True, pattern=rf"^({'|'.join(LANGUAGES)})$")] | None = None
    mail_updates: StrictBool | None = None
    terms_version: Annotated[Text, Field(max_length=40)] | None = None


@contextmanager
def _still_here() -> Iterator[None]:
    """Somebody may be erased after their token was looked up."""
    try:
        yield
    except profile.ReporterErased:
        raise NotSignedIn from None


@router.get("", **answers(Profile, NotSignedIn))
def read_profile(session: Reading, reporter: ReadingReporter) -> Profile:
    """The profile."""
    with _still_here():
        return profile.shown(profile.of(session, reporter.id))


@router.patch("", **answers(Profile, NotSignedIn, writes=True))
def change_profile(session: Transaction, reporter: WritingReporter, body: ProfileChanges) -> Profile:
    """Change some of it."""
    with _still_here():
        return profile.shown(profile.change(session, reporter, **body.model_dump(exclude_unset=True)))


@router.delete("", **answers(None, NotSignedIn, status=204, writes=True))
def erase_me(session: Transaction, reporter: WritingReporter) -> Response:
    """Erase the person. What was published stays as a fact without them."""
    erase(session, reporter.id)
    return Response(status_code=204)


@router.get("/export", **answers(Export, NotSignedIn))
def export_me(session: Reading, reporter: ReadingReporter) -> Export:
    """Everything we hold about the person."""
    with _still_here():
        return export(session, reporter.id)
