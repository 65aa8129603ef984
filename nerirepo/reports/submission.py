"""What a resident sends: the same body from the app, the web form and the counter."""

from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from nerirepo.fields import Code, Latitude, Longitude, Moment, Request, Text, Uuid7
from nerirepo.ids import content_sha256

PHOTOS_PER_REPORT = 5
"""Enough to show a place from near and far; each costs the resident data."""
LONGEST_DESCRIPTION = 2000
"""Characters. The longest posts of such services are a page of A4."""

Answer = StrictBool | StrictInt | StrictFloat | Annotated[Text, Field(max_length=500)]


class Location(Request):
    """Where it is, in WGS 84 degrees. `accuracy_m`: the radius that the phone claims, in metres."""

    lat: Latitude
    lon: Longitude
    accuracy_m: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, strict=True)] | None = None
    source: Code | None = None
    """How the place was found: gps, map, photo ..."""
    confirmed: StrictBool = False
    """The person has looked at the map and said yes."""


class Submission(Request):
    """A report. Words or photos may be missing, not both. `observed_at` is the phone's own clock."""

    category: Code
    description: Annotated[Text, Field(max_length=LONGEST_DESCRIPTION)]
    location: Location
    photo_ids: Annotated[tuple[Uuid7, ...], Field(max_length=PHOTOS_PER_REPORT)] = ()
    observed_at: Moment | None = None
    answers: Annotated[dict[Code, Answer], Field(max_length=50)] = {}
    locale: Annotated[str, Field(strict=True, max_length=16, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")] = (
        "ja"
    )

    def sha256(self) -> str:
        """Of the content: equal for equal reports, however their JSON was spelled."""
        content: dict[str, Any] = self.model_dump(mode="json")
        return content_sha256(content)
