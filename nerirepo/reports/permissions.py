"""Who may do what to a report? Role x action, in one table.

Field staff act on reports of their own department or assigned to them, and never see contact data. The desk
may take every action of the table. An admin looks after settings and members and has nothing to do here.
"""

from dataclasses import dataclass
from uuid import UUID

from nerirepo.base.errors import NotAllowed
from nerirepo.reports.evidence import ReasonCode
from nerirepo.reports.status import Action
from nerirepo.staff.roles import Role

ACTIONS: dict[Role, frozenset[Action]] = {
    Role.FIELD: frozenset(
        {
            Action.START,
            Action.RESOLVE,
            Action.NOTE,
            Action.READ,
            Action.ASK,
            Action.DECLINE,
            Action.REASSIGN,
        }
    ),
    # A merge is taken back by opening the report again, soon.
    Role.DESK: frozenset(Action) - {Action.WITHDRAW, Action.UNDO_MERGE},
    Role.ADMIN: frozenset(),
}

FIELD_DECLINES = frozenset({ReasonCode.NOT_FOUND, ReasonCode.WITHIN_STANDARD})
"""What can be seen and measured on the spot; every other refusal is the desk's to answer for."""

READS_REPORTS = frozenset({Role.FIELD, Role.DESK})
READS_CONTACT_DATA = frozenset({Role.DESK})
READS_ORIGINALS = frozenset({Role.FIELD, Role.DESK})
SETS_UP = frozenset({Role.ADMIN})


class NotYourReport(NotAllowed):
    """This report belongs to another department."""

    code = "not_your_report"


class ActionNotAllowed(NotAllowed):
    """Your role does not take this action."""

    code = "action_not_allowed"


class ContactNotAllowed(NotAllowed):
    """Your role does not see contact data."""

    code = "contact_not_allowed"


@dataclass(frozen=True)
class Actor:
    """What the rules need to know of a member."""

    id: UUID
    role: Role
    department: str


@dataclass(frozen=True)
class Subject:
    """What the rules need to know of a report. `triage` is the code of the triage department."""

    department: str
    assignee: UUID | None
    triage: str


def may_see(actor: Actor, subject: Subject) -> bool:
    if actor.role is Role.FIELD:
        return actor.department == subject.department or actor.id == subject.assignee
    return actor.role in READS_REPORTS


def check(
    actor: Actor,
    subject: Subject,
    action: Action,
    *,
    reason: str | None = None,
    to_department: str | None = None,
) -> None:
    """Raise unless `actor` may take `action`. `reason` is a decline's, `to_department` a reassignment's."""
    if action not in ACTIONS[actor.role]:
        raise ActionNotAllowed
    if not may_see(actor, subject):
        raise NotYourReport
    if actor.role is Role.FIELD:
        if action is Action.DECLINE and reason not in FIELD_DECLINES:
            raise ActionNotAllowed("Field staff decline only what was not found or is within the standard.")
        if action is Action.REASSIGN and to_department != subject.triage:
            raise ActionNotAllowed("Field staff send a report back to triage, not to another department.")
