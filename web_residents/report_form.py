"""/l/report/{token}: the plain form itself, what its kind asks, and a look at whose place it is."""

from collections.abc import Sequence

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from nerirepo.base import links
from nerirepo.base.errors import Invalid, ServiceError
from nerirepo.base.links import Link, Purpose
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.offered import offered
from nerirepo.catalogue.questions import AnswerInvalid, check_answers, in_words
from nerirepo.catalogue.tables import Category
from nerirepo.catalogue.terms import terms_version
from nerirepo.catalogue.tree import category_tree
from nerirepo.database import db
from nerirepo.places.responsible import responsible
from nerirepo.publication import read as published
from nerirepo.publication.read.towns import towns
from nerirepo.reporters import profile
from nerirepo.reports.own import NAME
from nerirepo.reports.submit import submit
from nerirepo.words import language
from web import large_form
from web.audience import for_everyone
from web.db import PublicReading, Reading
from web.large_form import Brought, FormTooLarge
from web_residents import photo_places, report_photos
from web_residents.failure import PageRoute
from web_residents.own_form import own_form
from web_residents.page import language_of, page, ward_profile
from web_residents.report_begin import prefilled
from web_residents.report_photos import LARGEST_FORM, LeftOut, limits
from web_residents.report_receipt import RECEIPT, is_sent, to_page
from web_residents.report_words import FIELDS, Filled

router = APIRouter(prefix="/report/{token}", route_class=PageRoute, dependencies=[for_everyone, own_form])


@router.api_route("", methods=["GET", "HEAD"])
def show_form(session: Reading, public: PublicReading, request: Request, token: str) -> Response:
    """The form, with the place filled in that the link names; the receipt, once its report is sent."""
    link = links.read(Purpose.REPORT, token)
    if is_sent(session, link):
        return to_page(request, RECEIPT)
    values = prefilled(request)
    if not NAME.fullmatch(values.get("earlier", "")):
        values["earlier"] = ""
    filled = Filled(dict.fromkeys(FIELDS, "") | values, ())
    return _form_page(session, public, request, link, filled)


@router.post("")
async def take_form(request: Request, token: str) -> Response:
    """Photos are kept as soon as they come. `step`: send, change, or else a last look."""
    link = links.read(Purpose.REPORT, token)
    async with large_form.read(request, LARGEST_FORM) as brought:
        request.state.typed = brought.form
        return await to_thread.run_sync(_take, request, link, brought)


def _take(request: Request, link: Link, brought: Brought) -> Response:
    form, fault = brought.form, None
    filled, left_out = Filled.of(form, []), []
    with db.reading() as session, db.public_reading() as public:
        if form.get("step") != "send" and is_sent(session, link):
            # A browser went back, and sends the page before once more.
            return to_page(request, RECEIPT)
        try:
            if brought.fault:
                raise brought.fault
            room = offered().photos_per_report - len(filled.photo_ids)
            photo_ids, left_out = report_photos.store(session, link, form, room)
            filled = Filled.of(form, photo_ids).at_its_photos(link.reporter_id)
            if left_out:
                fault = "posting.plain.photos_left_out"
            elif form.get("step") == "send":
                return _send(request, link, filled)
            elif form.get("step") != "change":
                return _next_page(session, public, request, link, filled)
        except FormTooLarge as error:
            fault, left_out = "posting.plain.photos_left_out", [LeftOut("", f"error.{error.code}")]
        except ServiceError as error:
            fault = f"error.{error.code}"
        return _form_page(session, public, request, link, filled, fault=fault, left_out=left_out)


def _next_page(
    session: Session, public: Session, request: Request, link: Link, filled: Filled
) -> HTMLResponse:
    """The form again where something is missing, what the kind asks where it has not yet, or a last look."""
    reporter = profile.of(session, link.reporter_id)
    missing = filled.missing(is_registered=reporter.eligibility is not None)
    if missing:
        return _form_page(session, public, request, link, filled, fault=f"posting.said.{missing}")
    lang = language_of(request, reporter.locale)
    category = catalogue.selectable(session, filled.values["category"])
    questions = catalogue.questions(category)
    submission = filled.submission(public, lang, questions)
    if submission is None:
        return _form_page(session, public, request, link, filled, fault="error.invalid")
    if filled.values["asked"] != category.code and (questions or category.emergency_text):
        return _questions_page(session, lang, filled, category)
    try:
        answers = check_answers(questions, submission.answers).answers
    except AnswerInvalid as fault:
        return _questions_page(session, lang, filled, category, fault=fault)
    place = submission.location
    found = responsible(session, place.lat, place.lon, category.code, answers)
    if not (found.facts.inside or found.facts.border):
        return _form_page(session, public, request, link, filled, fault="posting.said.place_outside")
    ward = catalogue.ward(session)
    return page(
        "report_check.j2",
        lang,
        ward.profile,
        filled=filled,
        terms_version=terms_version(ward),
        description=submission.description,
        photos=report_photos.shown(photo_places.opened(reporter.id, filled.photo_ids)),
        answers=in_words(questions, answers, lang),
        category=language.name(category.names, lang),
        town=found.facts.town,
        office=language.name(found.office.names, lang),
        kind=found.office.kind if found.office.kind in ("ward", "private") else "other",
        contact=language.contact(found.office.contact, lang),
        nearby=published.nearby(public, place.lat, place.lon, submission.category, language=lang)[:3],
    )


def _send(request: Request, link: Link, filled: Filled) -> Response:
    """Leads to the receipt: what is shown by coming back to it is not sent again."""
    with db.public_reading() as public, db.transaction() as session:
        reporter = profile.of(session, link.reporter_id)
        lang = language_of(request, reporter.locale)
        category = catalogue.selectable(session, filled.values["category"])
        submission = filled.submission(public, lang, catalogue.questions(category))
        if submission is None:
            raise Invalid
        reporter = profile.change(
            session,
            reporter,
            eligibility=reporter.eligibility or filled.eligibility,
            terms_version=filled.values["terms_version"][:40] or None,
        )
        submit(session, reporter, link.report_id, submission)
    return to_page(request, RECEIPT)


def _form_page(
    session: Session,
    public: Session,
    request: Request,
    link: Link,
    filled: Filled,
    *,
    fault: str | None = None,
    left_out: Sequence[LeftOut] = (),
) -> HTMLResponse:
    reporter = profile.of(session, link.reporter_id)
    lang = language_of(request, reporter.locale)
    photos = photo_places.opened(reporter.id, filled.photo_ids)
    places = photo_places.places(photos)
    return page(
        "report_form.j2",
        lang,
        ward_profile(session),
        status=422 if fault else 200,
        fault=fault,
        left_out=left_out,
        limits=limits(),
        kept=prefilled(request),
        filled=filled,
        photos=report_photos.shown(photos),
        photo_places=places,
        photos_differ=photo_places.differ(places),
        categories=category_tree(session, lang),
        towns=towns(public),
        is_registered=reporter.eligibility is not None,
    )


def _questions_page(
    session: Session, lang: str, filled: Filled, category: Category, *, fault: AnswerInvalid | None = None
) -> HTMLResponse:
    asked = [each for each in catalogue.questions(category) if not each.retired]
    return page(
        "report_questions.j2",
        lang,
        ward_profile(session),
        status=422 if fault else 200,
        fault=fault and f"error.{fault.code}",
        filled=filled,
        category=category,
        questions=asked,
    )
