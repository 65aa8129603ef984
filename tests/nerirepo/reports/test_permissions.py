"""Who may do what: the table of roles and actions, as an official would read it aloud."""

from uuid import UUID

import pytest

from nerirepo.base.errors import NotAllowed
from nerirepo.reports.permissions import (
    ActionNotAllowed,
    Actor,
    NotYourReport,
    Subject,
    check,
    may_see,
)
from nerirepo.reports.possible_actions import possible_actions
from nerirepo.reports.status import Action, Status
from nerirepo.staff.roles import Role

ME, SOMEBODY = UUID(int=1), UUID(int=2)
OWN = Subject(department="roads", assignee=None, triage="desk")
FOREIGN = Subject(department="parks", assignee=None, triage="desk")
LENT = Subject(department="parks", assignee=ME, triage="desk")
"""Another department's, but assigned to me."""

CREW = Actor(ME, Role.FIELD, "roads")
DESK = Actor(ME, Role.DESK, "desk")
ADMIN = Actor(ME, Role.ADMIN, "desk")

EVERY_ACTION_OF_THE_DESK = {
    "accept",
    "ask",
    "start",
    "resolve",
    "decline",
    "hand_over",
    "merge",
    "thank",
    "reopen",
    "reassign",
    "recategorise",
    "edit_public_text",
    "note",
    "read",
    "publish",
    "hide",
    "feature",
    "unfeature",
}
ALLOWED = {
    Role.FIELD: {"start", "resolve", "note", "read", "ask", "decline", "reassign"},
    Role.DESK: EVERY_ACTION_OF_THE_DESK,
    Role.ADMIN: set(),
}


def is_allowed(actor: Actor, subject: Subject, action: Action) -> bool:
    try:
        check(actor, subject, action, reason="not_found", to_department="desk")
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_each_role_takes_the_actions_of_its_line_and_no_other(role: Role, action: Action) -> None:
    assert is_allowed(Actor(ME, role, "roads"), OWN, action) == (action in ALLOWED[role])


def test_nobody_of_the_staff_withdraws_a_report_which_is_the_reporters_own() -> None:
    assert not any(is_allowed(actor, OWN, Action.WITHDRAW) for actor in (CREW, DESK, ADMIN))


def test_a_crew_sees_its_own_department_and_what_is_assigned_to_it() -> None:
    assert may_see(CREW, OWN)
    assert may_see(CREW, LENT)
    assert not may_see(CREW, FOREIGN)


def test_the_desk_sees_everything_and_an_admin_no_report() -> None:
    assert all(may_see(DESK, subject) for subject in (OWN, FOREIGN, LENT))
    assert not any(may_see(ADMIN, subject) for subject in (OWN, FOREIGN, LENT))


@pytest.mark.parametrize("action", sorted(ALLOWED[Role.FIELD]))
def test_a_crew_does_nothing_to_another_departments_report(action: str) -> None:
    with pytest.raises(NotYourReport):
        check(CREW, FOREIGN, Action(action), reason="not_found", to_department="desk")


@pytest.mark.parametrize(
    "reason", ["long_term_study", "private_land", "personal_information", "not_now", None]
)
def test_a_crew_declines_only_what_can_be_seen_on_the_spot(reason: str | None) -> None:
    with pytest.raises(ActionNotAllowed):
        check(CREW, OWN, Action.DECLINE, reason=reason)
    check(DESK, OWN, Action.DECLINE, reason=reason)


@pytest.mark.parametrize("reason", ["not_found", "within_standard"])
def test_a_crew_says_that_nothing_was_found_or_all_is_within_the_standard(reason: str) -> None:
    check(CREW, OWN, Action.DECLINE, reason=reason)


def test_a_crew_sends_a_report_back_to_triage_and_to_no_other_department() -> None:
    check(CREW, OWN, Action.REASSIGN, to_department="desk")
    for elsewhere in ("parks", None):
        with pytest.raises(ActionNotAllowed):
            check(CREW, OWN, Action.REASSIGN, to_department=elsewhere)


def test_what_is_offered_is_what_is_allowed() -> None:
    def offered(actor: Actor, subject: Subject, standing: Status, *, is_unread: bool = False) -> set[str]:
        return {
            each.action.value
            for each in possible_actions(
                actor,
                subject,
                standing,
                is_deed=False,
                is_featured=False,
                is_worded=False,
                is_unread=is_unread,
            )
        }

    assert offered(CREW, OWN, Status.CHECKING, is_unread=True) == ALLOWED[Role.FIELD]
    assert "read" not in offered(CREW, OWN, Status.CHECKING)
    assert offered(CREW, OWN, Status.RESOLVED) == {"note"}
    assert offered(CREW, FOREIGN, Status.CHECKING) == set()
    assert offered(ADMIN, OWN, Status.CHECKING) == set()
    assert offered(DESK, FOREIGN, Status.RESOLVED) == {"reopen", "note", "publish", "hide", "feature"}
    assert "thank" not in offered(DESK, OWN, Status.RECEIVED)


def test_a_crew_is_offered_its_two_reasons_to_decline_with_what_each_needs() -> None:
    decline = next(
        each
        for each in possible_actions(
            CREW, OWN, Status.CHECKING, is_deed=False, is_featured=False, is_worded=False, is_unread=False
        )
        if each.action is Action.DECLINE
    )
    assert decline.reasons == {"within_standard": "measured_value", "not_found": "photo_ids"}
