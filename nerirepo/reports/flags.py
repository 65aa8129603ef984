"""What of a new report should a person look at? Nothing is refused for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from nerirepo.catalogue.read import is_offered
from nerirepo.places.facts import PlaceFacts
from nerirepo.reports.number import Filed
from nerirepo.reports.submission import Submission
from nerirepo.reports.tables import Flag

CLOCK_RUNS_AHEAD = timedelta(minutes=10)
OLDEST_OBSERVATION = timedelta(days=365)

TO_TRIAGE = frozenset(Flag) - {Flag.BORDER}
"""Flags that make a person look before a department does."""


def flags(
    submission: Submission, category: Filed, missing: list[str], place: PlaceFacts, now: datetime
) -> Iterator[Flag]:
    """What can be seen without other reports. `missing`: questions that have no answer."""
    if place.border:
        yield Flag.BORDER
    if not place.inside:
        yield Flag.OUTSIDE
    if not is_offered(category):
        yield Flag.CATEGORY_RETIRED
    if missing:
        yield Flag.ANSWER_MISSING
    observed = submission.observed_at
    if observed and not now - OLDEST_OBSERVATION <= observed <= now + CLOCK_RUNS_AHEAD:
        yield Flag.OBSERVED_AT_IMPLAUSIBLE
