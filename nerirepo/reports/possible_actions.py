"""What can this member do with this report now, and what does each action need? Pure."""

from dataclasses import dataclass

from nerirepo.reports import status
from nerirepo.reports.evidence import NEEDED, NEEDED_BY_REASON, ReasonCode
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
    actor: Actor, subject: Subject, standing: Status, *, is_deed: bool, is_featured: bool
) -> list[PossibleAction]:
    """In the order of the status table; empty for who may not see the report."""
    if not may_see(actor, subject):
        return []
    return [
        PossibleAction(action, list(NEEDED.get(action, ())), _reasons(actor, action))
        for action in status.possible(standing, is_deed=is_deed, is_featured=is_featured)
        if action in ACTIONS[actor.role]
    ]


def _reasons(actor: Actor, action: Action) -> dict[str, str | None]:
    if action is not Action.DECLINE:
        return {}
    return {
        reason.value: NEEDED_BY_REASON.get(reason)
        for reason in ReasonCode
        if actor.role is not Role.FIELD or reason in FIELD_DECLINES
    }
