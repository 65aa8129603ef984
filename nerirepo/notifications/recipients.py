"""Who hears of an event, with which letter? Pure: an official of the ward can read the table.

The reporter hears of every move that concerns them, followers of those that change what they are waiting for,
the department of work that comes to it and of whatever residents write. Notes and the desk's own tidying are
told to nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from nerirepo.reports.status import MOVES, EventKind

REPORTER_HEARS = frozenset({EventKind.SUBMIT}) | {
    move.event for move in MOVES.values() if move.tells_reporter
}
FOLLOWERS_HEAR = frozenset(
    {
        EventKind.START,
        EventKind.RESOLVE,
        EventKind.DECLINE,
        EventKind.HAND_OVER,
        EventKind.MERGE,
        EventKind.WITHDRAW,
        EventKind.REOPEN,
    }
)
PASSES_ON = frozenset({EventKind.REASSIGN, EventKind.RECATEGORISE})
"""Events that may, and need not, bring a report to another department."""
DEPARTMENT_HEARS = frozenset({EventKind.SUBMIT, EventKind.REOPEN}) | PASSES_ON
SENDERS_OF_DUPLICATES_HEAR = frozenset(
    {EventKind.RESOLVE, EventKind.DECLINE, EventKind.HAND_OVER, EventKind.WITHDRAW}
)
"""What became of a report that is not public, into which theirs was merged; nothing else about it."""
OF_DUPLICATE = "duplicate"
"""The letter that tells them."""
PHOTOS = "photos"
"""The letter that names photos which could not be opened, or came in part only."""
DEPARTMENT_TEMPLATE = "department"


class RecipientKind(StrEnum):
    REPORTER = "reporter"
    FOLLOWER = "follower"
    DEPARTMENT = "department"
    ADDRESS = "address"
    """Somebody who is not registered (yet): a sign-in code."""


@dataclass(frozen=True)
class Happened:
    """What the rules need to know of an event and its report."""

    kind: EventKind
    changes_department: bool = False
    """A reassignment may also name only a person, a new category may leave the office as it is."""
    is_danger: bool = False
    becomes_danger: bool = False
    """By its new category: whoever has it in hand must know at once."""
    is_said: bool = False
    """A resident has written something that somebody must read: `reports/unread.py`."""
    is_public: bool = True
    is_hidden: bool = False
    is_overtaken: bool = False
    """It is not so any more: a merge that was taken back before anybody heard of it."""


@dataclass(frozen=True)
class Told:
    """A letter that is owed. `urgent` goes before all others."""

    recipient: RecipientKind
    template: str
    urgent: bool = False
    of_duplicates: bool = False
    """Not about this report, but about those that were merged into it, to who sent them."""


def told(event: Happened, *, department_has_digest: bool) -> Iterator[Told]:
    """The kinds of recipients that hear of an event, and the template of their letter."""
    if event.is_overtaken:
        return
    if event.kind in REPORTER_HEARS:
        yield Told(RecipientKind.REPORTER, event.kind)
    # What the desk has hidden is not spread further.
    if event.kind in FOLLOWERS_HEAR and not event.is_hidden:
        yield Told(RecipientKind.FOLLOWER, event.kind)
    if event.kind in SENDERS_OF_DUPLICATES_HEAR and not event.is_public:
        yield Told(RecipientKind.REPORTER, OF_DUPLICATE, of_duplicates=True)
    comes_to_department = event.is_said or (
        event.kind in DEPARTMENT_HEARS
        and (event.kind not in PASSES_ON or event.changes_department or event.becomes_danger)
    )
    if comes_to_department and (event.is_danger or not department_has_digest):
        yield Told(RecipientKind.DEPARTMENT, DEPARTMENT_TEMPLATE, urgent=event.is_danger)


def told_of_photos(*, are_settled: bool, any_untold: bool, receipt_has_left: bool) -> Iterator[Told]:
    """Once none of a report's photos is on its way any more, its reporter hears which cannot be seen in full.

    `any_untold`: of some the receipt did not speak. As long as that waits it says so, and nobody gets two.
    """
    if are_settled and any_untold and receipt_has_left:
        yield Told(RecipientKind.REPORTER, PHOTOS)
