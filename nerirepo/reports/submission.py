"""What a resident sends: the same body from the app, the web form and the counter."""

from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from nerirepo.base.errors import Invalid
from nerirepo.base.ids import content_sha256
from nerirepo.catalogue.most import MOST_PHOTOS
from nerirepo.words.fields import Code, Latitude, Longitude, Moment, Radius, Request, Text, Uuid7, otherwise

LONGEST_DESCRIPTION = 2000
"""Characters. The longest posts of such services are a page of A4."""
BY_TOWN = "town"
"""A `Location.source`: only the town was named. The point is its middle, where nobody said anything is."""

Named = Annotated[str, Field(strict=True, pattern=r"^[0-9A-Za-z-]{1,64}$")]
"""A report's id or number."""
Locale = Annotated[str, Field(strict=True, max_length=16, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")]
Answer = StrictBool | StrictInt | StrictFloat | Annotated[Text, Field(max_length=500)]


class ReportEmpty(Invalid):
    """A report needs words or a photo."""

    code = "report_empty"


class Location(Request):
    """Where it is, in WGS 84 degrees. `accuracy_m`: the radius that the phone claims, in metres; one that no
    phone can mean (negative, above 1,000,000) is dropped, as is a `source` that is no code.
    """

    lat: Latitude
    lon: Longitude
    accuracy_m: Radius = None
    source: Annotated[Code | None, otherwise(None)] = None
    """How the place was found: gps, map, photo ..."""
    confirmed: StrictBool = False
    """The person has looked at the map and said yes."""


class Submission(Request):
    """A report. Words or photos may be missing, not both. `observed_at` is the phone's own clock: a moment
    that cannot be is flagged, one that cannot be read is dropped, and neither costs the post.
    """

    category: Code
    description: Annotated[Text, Field(max_length=LONGEST_DESCRIPTION)]
    location: Location
    photo_ids: Annotated[tuple[Uuid7, ...], Field(max_length=MOST_PHOTOS)] = ()
    observed_at: Annotated[Moment | None, otherwise(None)] = None
    answers: Annotated[dict[Code, Answer], Field(max_length=50)] = {}
    locale: Annotated[Locale, otherwise("ja")] = "ja"
    earlier_report: Named | None = None
    """Id or number of the report that this one follows up, such as one whose repair did not last."""

    def sha256(self) -> str:
        """Of the content: equal for equal reports, however their JSON was spelled.

        A field that is younger than level 1 of the contract counts only where it is used: what was sent
        before it came, and is sent again, must stay the same.
        """
        unused = {name for name in YOUNGER if getattr(self, name) is None}
        content: dict[str, Any] = self.model_dump(mode="json", exclude=unused)
        return content_sha256(content)


YOUNGER = ("earlier_report",)
