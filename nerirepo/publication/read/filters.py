"""Which of the published reports? Checked once here, for the API and the pages alike."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from nerirepo.errors import FieldFault, Invalid
from nerirepo.fields import Code, Latitude, Longitude, Text
from nerirepo.reports.status import GROUPS, PublicGroup, Status

_LIKE_HAS_MEANING = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


class FilterInvalid(Invalid):
    """A filter is not valid."""

    code = "filter_invalid"


def _statuses(asked: str) -> str:
    if asked not in {*PublicGroup, *Status}:
        raise ValueError(f"one of {', '.join([*PublicGroup, *Status])}")
    return asked


class Filters(BaseModel):
    """All that are given must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: Code | None = None
    """One kind, or a top one for all of its kinds."""
    status: Annotated[str, AfterValidator(_statuses)] | None = None
    """A status, or a public group: before, during, after."""
    town: Annotated[Text, Field(max_length=40)] | None = None
    q: Annotated[Text, Field(max_length=100)] | None = None
    """Part of the words or the town's name, or a whole number."""
    bbox: tuple[Longitude, Latitude, Longitude, Latitude] | None = None
    """West, south, east, north in degrees."""

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
                    FieldFault(str(fault["loc"][0]), "filter_invalid", fault["msg"])
                    for fault in invalid.errors()
                )
            ) from None

    def sql(self) -> tuple[list[str], dict[str, Any]]:
        """Conditions on `report`, and their values."""
        conditions, values = [], {}
        if self.category:
            conditions.append(
                "report.category_code IN (SELECT code FROM published.category"
                " WHERE code = :category OR parent_code = :category)"
            )
            values["category"] = self.category
        if self.status:
            conditions.append("report.status = ANY(:statuses)")
            values["statuses"] = [
                status.value for status, group in GROUPS.items() if self.status in (status, group)
            ]
        if self.town:
            conditions.append("report.town = :town")
            values["town"] = self.town
        if self.q:
            conditions.append(
                "(report.words ILIKE :part OR report.town ILIKE :part OR report.number = :whole)"
            )
            values |= {"part": f"%{self.q.translate(_LIKE_HAS_MEANING)}%", "whole": self.q.upper()}
        if self.bbox:
            conditions.append("report.point && ST_MakeEnvelope(:west, :south, :east, :north, 4326)")
            values |= dict(zip(("west", "south", "east", "north"), self.bbox, strict=True))
        return conditions, values


def _number(written: str) -> float | str:
    try:
        return float(written)
    except ValueError:
        return written
