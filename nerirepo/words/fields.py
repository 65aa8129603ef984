"""The types that requests are made of: strict, bounded, and free of what a database or a reader chokes on.

At the end, what many answers are made of.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from nerirepo.words.invisible import without_invisible

LONGEST_RUN_OF_MARKS = 8
"""Combining marks in a row. The most that a real script needs is 4 or 5; screens freeze on thousands."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")

LARGEST_RADIUS = 1_000_000
"""Metres. Whoever knows no better does not know the place."""

_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def _clean_text(text: str) -> str:
    if _SURROGATE.search(text):
        raise PydanticCustomError("text_not_allowed", "lone surrogates are not allowed")
    text = unicodedata.normalize("NFC", without_invisible(text)).strip()
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run > LONGEST_RUN_OF_MARKS:
            raise PydanticCustomError("text_not_allowed", "too many combining marks in a row")
    return text


def _from_string(value: Any) -> Any:
    if not isinstance(value, str | UUID | datetime):
        raise PydanticCustomError("string_type", "a string is expected")
    return value


def _in_utc(value: datetime) -> datetime:
    # The first and the last day fall out of the calendar as soon as somebody reads them in another time zone.
    return min(max(value, _EARLIEST), _LATEST).astimezone(UTC)


def otherwise(instead: Any) -> WrapValidator:
    """For what only a program fills in, and nobody can mend who is asked to: words that make no sense become
    `instead` and cost nothing. Another type of JSON is a fault of the program, and stays one.
    """

    def read_or_drop(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        try:
            return read(value)
        except ValidationError:
            if isinstance(value, str):
                return instead
            raise

    return WrapValidator(read_or_drop)


def _possible_radius(value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Compared before it becomes a float: JSON may bring a whole number of a thousand digits.
    return value if not is_number or 0 <= value <= LARGEST_RADIUS else None


def _is_version_7(value: UUID) -> UUID:
    if value.version != 7:
        raise PydanticCustomError("uuid7", "a UUID of version 7 is expected")
    return value


Text = Annotated[str, Strict(), AfterValidator(_clean_text)]
"""Words of a person: NFC, trimmed, without what nobody sees; empty where nothing could be seen.

A person knows nothing of a control character that was copied along, so it is dropped and not refused.
Bound it where it is used.
"""

Uuid = Annotated[UUID, BeforeValidator(_from_string)]
Uuid7 = Annotated[UUID, BeforeValidator(_from_string), AfterValidator(_is_version_7)]
"""An id made by a client: version 7, so that rows arrive roughly in order."""

Moment = Annotated[AwareDatetime, BeforeValidator(_from_string), AfterValidator(_in_utc)]
"""RFC 3339 with an offset, as a string. In UTC from then on: equal moments are equal contents."""

Radius = Annotated[Annotated[float, Strict(), Field(ge=0)] | None, BeforeValidator(_possible_radius)]
"""Metres, as a device claims them; None for what no device can mean (negative, endless, no number)."""

Latitude = Annotated[float, Strict(), Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Strict(), Field(ge=-180, le=180, allow_inf_nan=False)]

Code = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=64)]
"""A lower-case word of ours, such as `road.pothole`."""

Sha256 = Annotated[str, Strict(), Field(pattern=r"^[0-9a-f]{64}$")]


class Request(BaseModel):
    """Base of every request body: an unknown field is an error, since a silent one loses what it carried."""

    model_config = ConfigDict(extra="forbid", frozen=True)


WrittenMoment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
WrittenDay = Annotated[str, Field(json_schema_extra={"format": "date"})]
"""In an answer: RFC 3339, as it was written already."""


class Coordinates(TypedDict):
    """WGS 84, degrees."""

    lat: float
    lon: float
