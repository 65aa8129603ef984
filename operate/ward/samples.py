"""Which sample reports does a ward have, and at which moments of the past weeks did their life happen?"""

import tomllib
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError

from nerirepo.base.clock import JST, in_japan
from nerirepo.catalogue.profile import Part
from nerirepo.reports.status import Action
from operate.ward.ward_folder import WardInvalid

MORNING, EVENING, OFFICE_OPENS = time(7, 35), time(20, 15), time(9, 40)
"""People post on their way to work, of lamps on their way home; staff act in office hours."""
BETWEEN_STEPS = timedelta(hours=2)
AT_LEAST_APART = timedelta(minutes=10)


class Says(StrEnum):
    """What the reporter answers to the result's letter."""

    GLAD = "glad"
    NOT_FIXED = "not_fixed"


class Step(Part):
    """What staff did, or the reporter said of it, so many days before the demo is played."""

    action: Action | Says
    days_ago: int = Field(ge=0)
    public_text: str | None = None
    """The cleaned words; with them the report and its photo become public."""
    public_note: str | None = None
    after_picture: str | None = None
    expected_in_days: int | None = None
    reason_code: str | None = None
    manager: str | None = None
    external_reference: str | None = None
    parent: str | None = None
    """merge: the code of the sample that this one repeats, an older one."""
    comment: str = ""
    """not_fixed: the reporter's words, which are never published."""


class Sample(Part):
    code: str
    category: str
    lat: float
    lon: float
    days_ago: int = Field(ge=0)
    picture: str
    """A JPEG in the folder `samples`."""
    answers: dict[str, Any] = Field(default_factory=dict)
    words: str
    steps: list[Step] = Field(default_factory=list)

    def id(self, name: str) -> UUID:
        """Of something that belongs to it: the same at each run."""
        return id_of(self.code, name)


def id_of(code: str, name: str) -> UUID:
    """A UUID of version 7 that says nothing but which sample, and what of it."""
    digest = int.from_bytes(sha256(f"sample {code} {name}".encode()).digest()[:16])
    return UUID(int=digest & ~(0xF << 76 | 0b11 << 62) | 0x7 << 76 | 0b10 << 62)


class _Samples(Part):
    samples: list[Sample]


def read(ward: Path) -> list[Sample]:
    """The samples of a ward's folder, the oldest first. Raises `WardInvalid`."""
    try:
        content = tomllib.loads((ward / "samples.toml").read_text(encoding="utf-8"))
        samples = _Samples.model_validate(content).samples
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise WardInvalid(f"samples.toml: {error}") from error
    return sorted(samples, key=lambda sample: -sample.days_ago)


def moments(sample: Sample, now: datetime) -> list[datetime]:
    """When it was sent, then when each of its steps was taken: in this order, and none after `now`."""
    today = in_japan(now).date()
    sent = EVENING if sample.category.startswith("lamp.") else MORNING
    planned = [_on(today, sample.days_ago, sent)] + [
        _on(today, step.days_ago, OFFICE_OPENS) + BETWEEN_STEPS * position
        for position, step in enumerate(sample.steps)
    ]
    # What is planned for later today, or tonight, happened a moment ago.
    return [
        min(moment, now - AT_LEAST_APART * (len(planned) - position))
        for position, moment in enumerate(planned)
    ]


def _on(today: date, days_ago: int, at: time) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), at, JST)
