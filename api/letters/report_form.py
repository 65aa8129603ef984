"""/l/report/{token}: the plain form itself, then a look at whose place it is, then the receipt."""

from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.audience import for_everyone
from api.db import PublicReading, Reading
from api.letters.failure import PageRoute
from api.letters.page import language_of, page, ward_profile
from api.letters.report_words import FIELDS, Filled
from nerirepo import db, language, links
from nerirepo.catalogue import read as catalogue
from nerirepo.errors import Invalid, ServiceError
from nerirepo.links import Link, Purpose
from nerirepo.photos import from_form
from nerirepo.photos.announce import Owner
from nerirepo.photos.tables import OwnerKind
from nerirepo.places.responsible import responsible
from nerirepo.publication import read as published
from nerirepo.publication.read.towns import towns
from nerirepo.reporters import profile
from nerirepo.reports.submission import PHOTOS_PER_REPORT
from nerirepo.reports.submit import submit

router = APIRouter(prefix="/report/{token}", route_class=PageRoute, dependencies=[for_everyone])

LARGEST_FORM = 25_000_000
"""Bytes: five photos as phones write them."""


class FormTooLarge(Invalid):
    """These photos are too large together. Please send fewer."""

    code = "form_too_large"


@router.api_route("", methods=["GET", "HEAD"])
def show_form(session: Reading, public: PublicReading, request: Request, token: str) -> HTMLResponse:
    """The form, with the place filled in that the link names."""
    link = links.read(Purpose.REPORT, token)
    values = {name: request.query_params.get(name, "")[:40] for name in ("lat", "lon")}
    filled = Filled(dict.fromkeys(FIELDS, "") | values, ())
    return _form_page(session, public, request, link, filled)


@router.post("")
async def take_form(request: Request, token: str) -> HTMLResponse:
    """Photos are kept as soon as they come. `step`: send, change, or else a last look."""
    link = links.read(Purpose.REPORT, token)
    announced = request.headers.get("content-length", "")
    if not announced.isdigit() or int(announced) > LARGEST_FORM:
        raise FormTooLarge
    try:
        async with request.form(max_files=PHOTOS_PER_REPORT, max_fields=40) as form:
            return await to_thread.run_sync(_take, request, link, form)
    except HTTPException as malformed:
        raise Invalid from malformed


def _take(request: Request, link: Link, form: FormData) -> HTMLResponse:
    filled, fault = Filled.of(form, []), None
    with db.reading() as session, db.public_reading() as public:
        try:
            filled = Filled.of(form, _keep_photos(link, form))
            if form.get("step") == "send":
                return _send(request, link, filled)
            if form.get("step") != "change":
                return _check_page(session, public, request, link, filled)
        except ServiceError as error:
            fault = f"error.{error.code}"
        return _form_page(session, public, request, link, filled, fault=fault)


def _keep_photos(link: Link, form: FormData) -> list[UUID]:
    owner = Owner(OwnerKind.REPORTER, link.reporter_id)
    return [
        from_form.keep(owner, link.report_id, each.file, each.size)
        for each in form.getlist("photos")
        if isinstance(each, UploadFile) and each.size
    ]


def _check_page(
    session: Session, public: Session, request: Request, link: Link, filled: Filled
) -> HTMLResponse:
    reporter = profile.of(session, link.reporter_id)
    missing = filled.missing(is_registered=reporter.eligibility is not None)
    lang = language_of(request, reporter.locale)
    submission = None if missing else filled.submission(public, lang)
    if submission is None:
        fault = f"posting.said.{missing}" if missing else "error.invalid"
        return _form_page(session, public, request, link, filled, fault=fault)
    place = submission.location
    found = responsible(session, place.lat, place.lon, submission.category, {})
    if not (found.facts.inside or found.facts.border):
        return _form_page(session, public, request, link, filled, fault="posting.said.place_outside")
    return page(
        "report_check.j2",
        lang,
        ward_profile(session),
        filled=filled,
        description=submission.description,
        category=_category_name(session, submission.category, lang),
        town=found.facts.town,
        office=language.name(found.office.names, lang),
        is_ward=found.office.kind == "ward",
        nearby=published.nearby(public, place.lat, place.lon, submission.category, language=lang)[:3],
    )


def _send(request: Request, link: Link, filled: Filled) -> HTMLResponse:
    with db.public_reading() as public, db.transaction() as session:
        reporter = profile.of(session, link.reporter_id)
        lang = language_of(request, reporter.locale)
        submission = filled.submission(public, lang)
        if submission is None:
            raise Invalid
        if reporter.eligibility is None and filled.eligibility:
            reporter = profile.change(session, reporter, eligibility=filled.eligibility)
        taken = submit(session, reporter, link.report_id, submission)
        return page("report_done.j2", lang, ward_profile(session), receipt=taken.receipt)


def _form_page(
    session: Session,
    public: Session,
    request: Request,
    link: Link,
    filled: Filled,
    *,
    fault: str | None = None,
) -> HTMLResponse:
    reporter = profile.of(session, link.reporter_id)
    lang = language_of(request, reporter.locale)
    return page(
        "report_form.j2",
        lang,
        ward_profile(session),
        status=422 if fault else 200,
        fault=fault,
        filled=filled,
        categories=catalogue.category_tree(session, lang),
        towns=towns(public),
        is_registered=reporter.eligibility is not None,
    )


def _category_name(session: Session, code: str, lang: str) -> str:
    return language.name(catalogue.category(session, code).names, lang)
