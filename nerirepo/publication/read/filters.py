"""Which of the published reports? Checked once here, for the API and the pages alike."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nerirepo.base.clock import JST
from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.publication.bigrams import HYPHENS, folded, wanted
from nerirepo.reports.status import PublicGroup, Status
from nerirepo.words.fields import Code, Latitude, Longitude, Text

_LIKE_HAS_MEANING = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
_NUMBER = re.compile(rf"([a-z]{{1,6}})[{HYPHENS} ]?(\d{{4}})[{HYPHENS} ]?(\d{{1,6}})")
MOST_WORDS = 8
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


class FilterInvalid(Invalid):
    """A filter is not valid."""

    code = "filter_invalid"


def _statuses(asked: str) -> str:
    if asked not in {*PublicGroup, *Status}:
        raise ValueError(f"one of {', '.join([*PublicGroup, *Status])}")
    return asked


def _day(asked: Any) -> Any:
    if isinstance(asked, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", asked):
        raise ValueError("a day such as 2026-11-23")
    return asked


_OF_SEVERAL = {"bbox": "bbox", "period": "until"}
"""The field that is told for a fault that no single field has."""
Day = Annotated[date, BeforeValidator(_day), Field(ge=EARLIEST, le=LATEST)]


class Filters(BaseModel):
    """All that are given must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: Code | None = None
    """One kind, or a top one for all of its kinds."""
    status: Annotated[str, AfterValidator(_statuses)] | None = None
    """A status, or a public group: before, during, after."""
    town: Annotated[Text, Field(max_length=40)] | None = None
    q: Annotated[Text, Field(max_length=100)] | None = None
    """Words, each of which must occur in the words, or the town's or category's name; or a receipt number."""
    department: Code | None = None
    since: Day | None = None
    until: Day | None = None
    """Received from the one day to the other, both included, in Japan."""
    bbox: tuple[Longitude, Latitude, Longitude, Latitude] | None = None
    """West, south, east, north in degrees."""

    @model_validator(mode="after")
    def _from_south_to_north(self) -> Self:
        if self.bbox and (self.bbox[1] > self.bbox[3] or self.bbox[0] > self.bbox[2]):
            raise PydanticCustomError("bbox", "west, south, east, north")
        return self

    @model_validator(mode="after")
    def _from_first_to_last(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise PydanticCustomError("period", "the last day comes before the first")
        return self

    @classmethod
    def parse(cls, *, bbox: str | None = None, **given: str | None) -> Self:
        """From query parameters, of which empty ones are none; raises `FilterInvalid`.

        `bbox` is `west,south,east,north`.
        """
        asked: dict[str, Any] = {key: value for key, value in given.items() if value}
        if bbox:
            asked["bbox"] = [_number(part) for part in bbox.split(",")]
        try:
            return cls.model_validate(asked)
        except ValidationError as invalid:
            raise FilterInvalid(
                faults=tuple(
                    FieldFault(
                        str(fault["loc"][0] if fault["loc"] else _OF_SEVERAL[fault["type"]]),
                        "filter_invalid",
                        fault["msg"],
                    )
                    for fault in invalid.errors()
                )
            ) from None

    @property
    def words(self) -> list[str]:
        """What is looked for, as it is compared; none where a number is."""
        return [] if self._report_number else folded(self.q or "").split()[:MOST_WORDS]

    @property
    def _report_number(self) -> str | None:
        number = _NUMBER.fullmatch(folded(self.q or ""))
        return f"{number[1].upper()}-{number[2]}-{int(number[3]):06d}" if number else None

    @property
    def is_counted(self) -> bool:
        """Can the map's counts answer it? They know of groups and top categories only."""
        return not (self.q or self.town or self.department or self.since or self.until) and self.status in {
            None,
            *PublicGroup,
        }

    def sql(self) -> tuple[list[str], dict[str, Any]]:
        """Conditions on `report`, and their values, but for the words."""
        conditions: list[str] = []
        values: dict[str, Any] = {}

        def hold(condition: str, **given: Any) -> None:
            conditions.append(condition)
            values.update(given)

        if self.category:
            hold(
                "report.category_code = ANY (ARRAY("
                "SELECT code FROM published.category WHERE code = :category OR parent_code = :category))",
                category=self.category,
            )
        if self.status in set(PublicGroup):
            hold("report.status_group = :status", status=self.status)
        elif self.status:
            hold("report.status = :status", status=self.status)
        if self.town:
            hold("report.town = :town", town=self.town)
        if self.department:
            hold("report.department_code = :department", department=self.department)
        if self.since:
            hold("report.received_at >= :since", since=_midnight(self.since))
        if self.until:
            hold("report.received_at < :until", until=_midnight(self.until + timedelta(days=1)))
        if self._report_number:
            hold("report.number = :number", number=self._report_number)
        if self.bbox:
            west, south, east, north = self.bbox
            box = {"west": west, "south": south, "east": east, "north": north}
            hold("report.point && ST_MakeEnvelope(:west, :south, :east, :north, 4326)", **box)
        return conditions, values

    def sql_of_words(self, kinds: list[list[str]]) -> tuple[str, str, dict[str, Any]]:
        """A condition that an index answers but for a few too many, one that is exact, and their values.

        `kinds`: for each word the codes of the categories whose names have it.
        """
        values: dict[str, Any] = {}
        indexed, exact = list[str](), list[str]()
        for position, (word, codes) in enumerate(zip(self.words, kinds, strict=True)):
            values[f"pieces{position}"] = wanted(word)
            values[f"word{position}"] = f"%{word.translate(_LIKE_HAS_MEANING)}%"
            has_pieces = f"report.grams @> CAST(:pieces{position} AS varchar[])"
            has_word = f"report.searchable LIKE :word{position}"
            if codes:
                values[f"kinds{position}"] = codes
                is_kind = f" OR report.category_code = ANY (CAST(:kinds{position} AS varchar[]))"
                has_pieces, has_word = f"({has_pieces}{is_kind})", f"({has_word}{is_kind})"
            indexed.append(has_pieces)
            exact.append(has_word)
        return " AND ".join(indexed), " AND ".join(exact), values


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JST)


def _number(written: str) -> float | str:
    try:
        return float(written)
    except ValueError:
        return written
