"""What can this member do with this report now, and what does each action need? Pure."""

from dataclasses import dataclass

from nerirepo.reports import status
from nerirepo.reports.evidence import NEEDED_BY_REASON, ReasonCode, needed
from nerirepo.reports.permissions import ACTIONS, FIELD_DECLINES, Actor, Subject, may_see
from nerirepo.reports.status import Action, Status
from nerirepo.staff.roles import Role


@dataclass(frozen=True)
class PossibleAction:
    action: Action
    needs: list[str]
    """Fields that must be given; `a|b` is either."""
    reasons: dict[str, str | None]
    """decline: the reason codes, each with the further field that it needs."""


def possible_actions(
    actor: Actor,
    subject: Subject,
    standing: Status,
    *,
    is_deed: bool,
    is_featured: bool,
    is_worded: bool,
    is_unread: bool,
) -> list[PossibleAction]:
    """In the order of the status table; empty for who may not see the report.

    `is_worded`: the report has the words that the public will read. `is_unread`: the resident has written
    something that nobody has read.
    """
    if not may_see(actor, subject):
        return []
    return [
        PossibleAction(action, _needs(actor, action, is_worded=is_worded), _reasons(actor, action))
        for action in status.possible(standing, is_deed=is_deed, is_featured=is_featured, is_unread=is_unread)
        if action in ACTIONS[actor.role]
    ]


def _needs(actor: Actor, action: Action, *, is_worded: bool) -> list[str]:
    if actor.role is Role.FIELD and action is Action.REASSIGN:
        return ["department"]  # back to triage, and to nobody in particular
    return list(needed(action, is_worded=is_worded))


def _reasons(actor: Actor, action: Action) -> dict[str, str | None]:
    if action is not Action.DECLINE:
        return {}
    return {
        reason.value: NEEDED_BY_REASON.get(reason)
        for reason in ReasonCode
        if actor.role is not Role.FIELD or reason in FIELD_DECLINES
    }
