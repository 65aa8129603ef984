"""Which moves may a report make? One table of named edges; the name is the verb everywhere.

The action's name is what the API takes, and the name of its letter.
"""

from dataclasses import dataclass
from enum import StrEnum

from nerirepo.base.errors import Conflict


class Status(StrEnum):
    RECEIVED = "received"
    CHECKING = "checking"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    THANKED = "thanked"


OPEN = frozenset({Status.RECEIVED, Status.CHECKING, Status.IN_PROGRESS})
"""Somebody of the ward still has something to do. The index `report_open` holds these."""
CLOSED = frozenset(Status) - OPEN
ANY = frozenset(Status)
REPAIRED = frozenset({Status.RESOLVED})
"""Whoever reported it is asked whether it is fixed, and only they can say that it is."""
UNREPAIRED = frozenset({Status.DECLINED, Status.HANDED_OVER, Status.DUPLICATE, Status.WITHDRAWN})
"""Closed, and yet nothing was repaired by us: never drawn with the tick of what was."""
ANSWERED = UNREPAIRED - {Status.WITHDRAWN}
"""Closed by an answer: the question is whether it helped, and nothing can be glad to be fixed."""
JUDGED = REPAIRED | ANSWERED
"""Where people are asked for their opinion: who took a report back, or was thanked, waits for no repair."""
CLOSED_OTHERWISE = frozenset({Status.DUPLICATE, Status.WITHDRAWN, Status.THANKED})
"""Closed without work of the ward, and in no other column of the statistics: no days are measured by them."""


class PublicGroup(StrEnum):
    """What the public sees of a status: 対応前, 対応中, 対応後."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Visibility(StrEnum):
    PENDING = "pending"
    PUBLIC = "public"
    HIDDEN = "hidden"


class Action(StrEnum):
    ACCEPT = "accept"
    ASK = "ask"
    START = "start"
    RESOLVE = "resolve"
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    MERGE = "merge"
    THANK = "thank"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    UNDO_MERGE = "undo_merge"
    REASSIGN = "reassign"
    RECATEGORISE = "recategorise"
    EDIT_PUBLIC_TEXT = "edit_public_text"
    NOTE = "note"
    READ = "read"
    """What the resident has written has been read."""
    PUBLISH = "publish"
    HIDE = "hide"
    FEATURE = "feature"
    UNFEATURE = "unfeature"


class EventKind(StrEnum):
    """What a line of the history tells: what a resident said, or which action was taken."""

    SUBMIT = "submit"
    COMMENT = "comment"
    FEEDBACK = "feedback"
    ACCEPT = Action.ACCEPT
    ASK = Action.ASK
    START = Action.START
    RESOLVE = Action.RESOLVE
    DECLINE = Action.DECLINE
    HAND_OVER = Action.HAND_OVER
    MERGE = Action.MERGE
    THANK = Action.THANK
    WITHDRAW = Action.WITHDRAW
    REOPEN = Action.REOPEN
    UNDO_MERGE = Action.UNDO_MERGE
    REASSIGN = Action.REASSIGN
    RECATEGORISE = Action.RECATEGORISE
    EDIT_PUBLIC_TEXT = Action.EDIT_PUBLIC_TEXT
    NOTE = Action.NOTE
    READ = Action.READ
    PUBLISH = Action.PUBLISH
    HIDE = Action.HIDE
    FEATURE = Action.FEATURE
    UNFEATURE = Action.UNFEATURE


class ActorKind(StrEnum):
    REPORTER = "reporter"
    MEMBER = "member"
    SYSTEM = "system"


GROUPS = {
    Status.RECEIVED: PublicGroup.BEFORE,
    Status.CHECKING: PublicGroup.DURING,
    Status.IN_PROGRESS: PublicGroup.DURING,
    Status.RESOLVED: PublicGroup.AFTER,
    Status.DECLINED: PublicGroup.AFTER,
    Status.HANDED_OVER: PublicGroup.AFTER,
    Status.DUPLICATE: PublicGroup.AFTER,
    Status.WITHDRAWN: PublicGroup.AFTER,
    Status.THANKED: PublicGroup.AFTER,
}


def marker(status: Status) -> str:
    """How a status is drawn: as its public group, or as `unrepaired`."""
    return "unrepaired" if status in UNREPAIRED else GROUPS[status].value


@dataclass(frozen=True)
class Move:
    """`to` is None where the status stays as it is, or, with `goes_back`, becomes what it was before."""

    action: Action
    sources: frozenset[Status]
    to: Status | None
    tells_reporter: bool = False
    by_staff: bool = True
    goes_back: bool = False

    @property
    def event(self) -> EventKind:
        """What the history tells of it."""
        return EventKind(self.action)


MOVES = {
    move.action: move
    for move in (
        Move(Action.ACCEPT, frozenset({Status.RECEIVED}), Status.CHECKING, tells_reporter=True),
        Move(Action.ASK, frozenset({Status.RECEIVED, Status.CHECKING}), None, tells_reporter=True),
        Move(
            Action.START,
            frozenset({Status.RECEIVED, Status.CHECKING}),
            Status.IN_PROGRESS,
            tells_reporter=True,
        ),
        Move(Action.RESOLVE, OPEN | {Status.HANDED_OVER}, Status.RESOLVED, tells_reporter=True),
        Move(Action.DECLINE, OPEN, Status.DECLINED, tells_reporter=True),
        Move(Action.HAND_OVER, OPEN, Status.HANDED_OVER, tells_reporter=True),
        Move(Action.MERGE, OPEN, Status.DUPLICATE, tells_reporter=True),
        Move(Action.THANK, frozenset({Status.RECEIVED}), Status.THANKED, tells_reporter=True),
        Move(
            Action.WITHDRAW,
            frozenset({Status.RECEIVED, Status.CHECKING}),
            Status.WITHDRAWN,
            tells_reporter=True,
            by_staff=False,
        ),
        Move(
            Action.REOPEN,
            frozenset({Status.RESOLVED, Status.DECLINED, Status.HANDED_OVER, Status.DUPLICATE}),
            Status.CHECKING,
            tells_reporter=True,
        ),
        # Asked for as a reopening; what it means within the merge's ten minutes: see `merging.py`.
        Move(Action.UNDO_MERGE, frozenset({Status.DUPLICATE}), None, by_staff=False, goes_back=True),
        Move(Action.REASSIGN, OPEN, None),
        Move(Action.RECATEGORISE, OPEN, None),
        Move(Action.EDIT_PUBLIC_TEXT, OPEN, None),
        Move(Action.NOTE, ANY, None),
        Move(Action.READ, ANY, None),
        Move(Action.PUBLISH, ANY, None),
        Move(Action.HIDE, ANY, None),
        Move(Action.FEATURE, frozenset({Status.RESOLVED}), None),
        Move(Action.UNFEATURE, frozenset({Status.RESOLVED}), None),
    )
}


class MoveNotPossible(Conflict):
    """The report's status does not allow this action."""

    code = "move_not_possible"


def move(status: Status, action: Action, *, is_deed: bool = False, before: Status | None = None) -> Status:
    """The status after `action`, or `MoveNotPossible`. The only way to a new status.

    `before` is where the report stood before what is taken back; None where nothing can be.
    """
    edge = MOVES[action]
    is_refused = status not in edge.sources or (action is Action.THANK and not is_deed)
    if is_refused or (edge.goes_back and before not in OPEN):
        raise MoveNotPossible(facts={"report_status": status.value, "action": action.value})
    return (before if edge.goes_back else edge.to) or status


def possible(
    status: Status, *, is_deed: bool = False, is_featured: bool = False, is_unread: bool = False
) -> list[Action]:
    """The actions that staff could take from `status`, in the order of the table."""
    useless = {
        Action.FEATURE if is_featured else Action.UNFEATURE,
        *(() if is_deed else (Action.THANK,)),
        *(() if is_unread else (Action.READ,)),
    }
    return [
        edge.action
        for edge in MOVES.values()
        if edge.by_staff and status in edge.sources and edge.action not in useless
    ]
