"""The page of one report: what was sent, what happened, and a form for each thing that can be done."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.tree import category_tree
from nerirepo.database import db
from nerirepo.moderation.screening import screen
from nerirepo.notifications.of_report import deliveries
from nerirepo.notifications.tables import DeliveryState
from nerirepo.publication import read as published
from nerirepo.publication import small_map
from nerirepo.reports.actor import actor_of
from nerirepo.reports.history import UNDO_MERGE
from nerirepo.reports.staff_report import ReportView
from nerirepo.reports.staff_view import staff_view
from nerirepo.reports.status import Action, EventKind, Status
from nerirepo.staff import drafts
from nerirepo.staff.members import members
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from nerirepo.words import language
from web_staff.audience import ReportReader
from web_staff.carried import Carried, for_member
from web_staff.form import Form
from web_staff.pages import chosen_language, page
from web_staff.wording import Names

router = APIRouter()

NOTHING_ELSE = {"done": "", "contact_reason": ""} | dict.fromkeys(
    ("contact", "contact_fault", "contact_form")
)
"""What the page may show besides."""
CONTACT = "contact"
"""The `action` of the form that asks who sent a report."""

NEXT_STEPS = frozenset({Action.ACCEPT, Action.START, Action.RESOLVE, Action.THANK, Action.REOPEN})
"""What mostly comes next stands first; the rest below it."""
DONE_BY_STAFF = frozenset(Action) - {Action.WITHDRAW}
"""What the page may say to have been done."""


@router.get("/reports/{number}")
def show(request: Request, number: str, member: ReportReader, done: str = "") -> Response:
    """By number or id. `done`: what the action that led here came to."""
    values: dict[str, Any] = {"done": done} if done in DONE_BY_STAFF else {}
    return report_page(request, member, number, **values)


def report_page(
    request: Request, member: Member, number: str, *, failed: Form | None = None, **values: Any
) -> Response:
    """`failed`: a form that was refused; it is shown again with what was typed and what was wrong."""
    lang = chosen_language(request)
    with db.reading() as session:
        draft = None if failed or values else _kept(session, request, member, number)
        if draft and draft.typed.get("action") == CONTACT:
            values |= {"contact_form": draft.form_id, "contact_reason": draft.typed.get("reason", "")}
        elif draft:
            failed = Form.of(draft, is_draft=True)
        report = staff_view(session, actor_of(member), number, lang)
        sent = deliveries(session, report.id)
        departments, managers = catalogue.departments(session), catalogue.managers(session)
        categories, kinds = category_tree(session, lang), catalogue.every_category(session)
        triage = catalogue.triage_department(session)
        place_map = _map_of(session, report)
        everybody = members(session)
    names = Names(
        departments={each.code: language.name(each.names, lang) for each in departments},
        managers={each.code: language.name(each.names, lang) for each in managers},
        categories={each.code: language.name(each.names, lang) for each in kinds},
        colleagues={str(each.id): each.name for each in everybody},
    )
    return page(
        request,
        "report.html",
        member=member,
        status=failed.status if failed else 200,
        report=report,
        map=place_map,
        undo_until=_undo_until(report),
        deliveries=sent,
        undelivered=[each for each in sent if each.state is DeliveryState.FAILED],
        names=names,
        tree=categories,
        triage=triage,
        colleagues=[each for each in everybody if each.is_active and each.role is not Role.ADMIN],
        actions=sorted(
            (each for each in report.actions if each.action is not Action.READ),
            key=lambda each: each.action not in NEXT_STEPS,
        ),
        next_steps=sum(each.action in NEXT_STEPS for each in report.actions),
        marked=_marked(report),
        names_somebody=screen,
        failed=failed,
        new_action_id=uuid7,
        for_member=for_member,
        **NOTHING_ELSE | values,
    )


def _kept(session: Session, request: Request, member: Member, number: str) -> Carried | None:
    """What this member has sent from here, and what has not been done."""
    draft = drafts.newest(session, member.id, f"reports/{number}")
    if draft is None:
        return None
    # Also for the page of a fault: the report may be somebody else's by now, the words are still theirs.
    request.state.carried = Carried(draft.page, draft.form_id, draft.typed, draft.photo_ids)
    return request.state.carried


def _map_of(session: Session, report: ReportView) -> small_map.Drawing | None:
    """On the ward's own lines: a crew finds the place where no network brings a map."""
    if report.location is None:
        return None
    centre = published.Centre(report.location.lat, report.location.lon)
    return small_map.draw_around(session, centre, is_exact=True)


def _undo_until(report: ReportView) -> datetime | None:
    """Until when a merge can be taken back before anybody hears of it; None where that has passed."""
    if report.status is not Status.DUPLICATE or report.parent is None:
        return None
    merged = next(each.at for each in reversed(report.timeline) if each.kind == EventKind.MERGE)
    until = merged + UNDO_MERGE
    return until if clock.now() < until else None


def _marked(report: ReportView) -> list[tuple[str, str | None]]:
    """The resident's words in pieces, each with the kind of what the desk should look at in it."""
    words = report.original.description if report.original else ""
    pieces: list[tuple[str, str | None]] = []
    position = 0
    for finding in screen(words):
        if finding.start < position:
            continue  # two kinds at one place: the first says enough
        pieces += [
            (words[position : finding.start], None),
            (words[finding.start : finding.end], finding.kind),
        ]
        position = finding.end
    return [*pieces, (words[position:], None)]
