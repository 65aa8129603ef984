"""What would be routed differently, had this file been the layer? Asked before it is switched on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from sqlmodel import Session

from nerirepo.places.collection import Hints
from nerirepo.places.layer_file import NOTHING_SAID
from nerirepo.places.load import Loaded, load_layer
from nerirepo.places.responsible import responsible


@dataclass(frozen=True)
class Past:
    """Something that was reported: `label` tells a person which."""

    label: str
    lat: float
    lon: float
    category_code: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """Where a report goes. Words of the reason are left out: they change with every metre."""

    office: str
    department: str
    to_triage: bool
    town: str | None
    inside: bool

    def __str__(self) -> str:
        marks = [] if self.inside else ["outside"]
        marks += ["a person decides"] if self.to_triage else []
        return f"{self.office} ({', '.join([self.town or 'no town', *marks])})"


@dataclass(frozen=True)
class Difference:
    past: Past
    before: Standing
    after: Standing


def try_layer(
    session: Session,
    file: IO[bytes],
    layer: str,
    source: str,
    past: Iterable[Past],
    hints: Hints = NOTHING_SAID,
    *,
    force: bool = False,
    tell: Callable[[Loaded], None] = lambda _: None,
) -> Iterator[Difference | None]:
    """For each of `past`, in order: the difference, or None. Raises `LayerFileInvalid` as loading would.

    `tell` hears how it was loaded. Nothing changes, and nobody sees the layer meanwhile: it is loaded in a
    savepoint that is rolled back.
    """
    before = [(each, _standing(session, each)) for each in past]
    savepoint = session.begin_nested()
    try:
        tell(load_layer(session, file, layer, source, hints, force=force))
        for each, stood in before:
            stands = _standing(session, each)
            yield None if stands == stood else Difference(each, stood, stands)
    finally:
        savepoint.rollback()


def _standing(session: Session, past: Past) -> Standing:
    found = responsible(session, past.lat, past.lon, past.category_code, past.answers)
    return Standing(
        office=found.office.code or found.office.names["ja"],
        department=found.decision.department,
        to_triage=found.decision.to_triage,
        town=found.facts.town,
        inside=found.facts.inside,
    )
