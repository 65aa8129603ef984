"""What of a report may the public see? Pure: rows in, the public copy's content out.

Public are: number, category, status and dates, the town, the point (unless a home is near, or only the town
was named), the words as the desk has cleaned them, cleared photos, the ward's own words, and who does the
work. Everything else is not, and whatever is new stays private until it is named here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from nerirepo.photos.outcome import PhotoState
from nerirepo.reports.status import ActorKind, EventKind

PUBLIC_FACTS: Mapping[EventKind, frozenset[str]] = {
    EventKind.SUBMIT: frozenset(),
    EventKind.ACCEPT: frozenset(),
    EventKind.START: frozenset({"expected_on"}),
    EventKind.RESOLVE: frozenset(),
    EventKind.DECLINE: frozenset({"reason_code", "measured_value", "review_on"}),
    EventKind.HAND_OVER: frozenset({"manager"}),
    EventKind.MERGE: frozenset(),
    EventKind.THANK: frozenset(),
    EventKind.WITHDRAW: frozenset(),
    EventKind.REOPEN: frozenset(),
    EventKind.NOTE: frozenset(),
}
"""The kinds of events on the public timeline, and the facts of each that are shown."""

ONLY_WITH_WORDS = frozenset({EventKind.NOTE})
"""Shown only where the ward has written something for residents."""

POINT_DIGITS = 5
"""Of a published latitude or longitude: a metre, which is finer than a phone knows."""

RENDITIONS = ("large", "medium", "small")
"""`mail` is for letters; the original is for nobody."""


class Report(Protocol):
    public_text: str | None
    location: Any
    hides_point: bool


class Event(Protocol):
    id: UUID
    kind: EventKind
    at: datetime
    actor_kind: ActorKind
    to_status: str
    facts: dict[str, Any]


class Photo(Protocol):
    id: UUID
    state: PhotoState
    renditions: dict[str, dict[str, Any]]

    @property
    def prefix(self) -> str: ...


class Shown(Protocol):
    """A photo's place in its report."""

    is_cleared: bool

    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class PublicPhoto:
    """A cleared photo whose renditions may be copied into the published bucket."""

    role: str
    photo: Photo

    @property
    def renditions(self) -> dict[str, dict[str, Any]]:
        return {name: self.photo.renditions[name] for name in RENDITIONS if name in self.photo.renditions}


def public_words(report: Report, *, is_erased: bool) -> str:
    """The words as the desk has cleaned them. They are still the resident's: erasure takes them along."""
    return "" if is_erased else report.public_text or ""


def shows_point(report: Report, *, is_erased: bool) -> bool:
    """False where only the town may be shown: see `submit.py` for what begins so; the desk decides."""
    return report.location is not None and not report.hides_point and not is_erased


def public_photos(photos: Iterable[tuple[Shown, Photo]], *, is_erased: bool) -> tuple[PublicPhoto, ...]:
    """The photos that were cleared one by one and are ready, in the report's order.

    After erasure none: a picture of the result shows the place, too.
    """
    return tuple(
        PublicPhoto(shown.role, photo)
        for shown, photo in photos
        if shown.is_cleared and photo.state == PhotoState.READY and not is_erased
    )


def public_timeline(events: Iterable[tuple[Event, str | None]]) -> list[dict[str, Any]]:
    """`[{kind, at, status, note, facts}]` of the events (each with its public note), in their order.

    Only the ward's words are shown: an event of the reporter's has none, whatever its row holds. A merge that
    was taken back never was.
    """
    timeline: list[dict[str, Any]] = []
    events = list(events)
    taken_back = {event.facts.get("taken_back") for event, _ in events}
    for event, note in events:
        said = note if event.actor_kind != ActorKind.REPORTER else None
        if (
            str(event.id) in taken_back
            or event.kind not in PUBLIC_FACTS
            or (event.kind in ONLY_WITH_WORDS and not said)
        ):
            continue
        timeline.append(
            {
                "kind": event.kind,
                "at": _written(event.at),
                "status": str(event.to_status),
                "note": said or None,
                "facts": {
                    name: value for name, value in event.facts.items() if name in PUBLIC_FACTS[event.kind]
                },
            }
        )
    return timeline


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
