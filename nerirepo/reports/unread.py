"""返事あり: which words of a resident must somebody read, and which action of staff answers them? Pure.

Everything that a resident writes reaches somebody. What was only pressed (it is fixed, and no words) needs no
reading.
"""

from collections.abc import Mapping
from typing import Any

from nerirepo.reports.status import MOVES, Action, EventKind

BY_ITSELF = frozenset({EventKind.COMMENT})
"""Kinds of events that always bring something: words, photos, or an answer to a question."""

ANSWERS = frozenset({Action.READ}) | {
    move.action for move in MOVES.values() if move.tells_reporter and move.by_staff
}
"""Who takes one of these has read what stood there, and the reporter hears of it; or says just that."""


def asks_to_be_read(kind: EventKind, *, by_reporter: bool, has_words: bool, facts: Mapping[str, Any]) -> bool:
    """Whether an event leaves something that nobody of the ward has read. `facts` are the event's."""
    return by_reporter and (
        kind in BY_ITSELF or has_words or facts.get("fixed") is False or bool(facts.get("photo_ids"))
    )


def answers(action: Action, *, unread_seq: int, seen_seq: int | None) -> bool:
    """Whether an action answers what came with the event `unread_seq`.

    `seen_seq` is the last event that its sender saw: what came later was not read. None: all was seen.
    """
    return action in ANSWERS and (seen_seq is None or seen_seq >= unread_seq)
