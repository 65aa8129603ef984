"""What does a ward say of itself? The shape of `ward.toml`, and so of `ward.profile`."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, Self, cast

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from nerirepo.catalogue.most import ALWAYS_TAKEN, LEAST_BYTES, MOST_BYTES, MOST_PHOTOS, PHOTO_TYPES
from nerirepo.catalogue.working_days import AROUND_NEW_YEAR, DAYS
from nerirepo.words.fields import Code, Text
from nerirepo.words.language import DEFAULT, LANGUAGES


def _in_known_languages(names: dict[str, str]) -> dict[str, str]:
    if not names.get(DEFAULT):
        raise ValueError(f"the words are missing in {DEFAULT}")
    if unknown := names.keys() - set(LANGUAGES):
        raise ValueError(f"unknown languages: {', '.join(sorted(unknown))}")
    return names


def _hold_jpeg(types: list[str]) -> list[str]:
    if ALWAYS_TAKEN not in types:
        raise ValueError(f"{ALWAYS_TAKEN} is missing, as which the pages send photos")
    return types


def _is_a_day(said: str) -> str:
    date.fromisoformat(said if len(said) == 10 else f"2000-{said}")
    return said


Words = Annotated[dict[str, Text], AfterValidator(_in_known_languages)]
"""Language to words."""
_Title = Annotated[Text, Field(max_length=100)]
_Paragraph = Annotated[Text, Field(max_length=1000)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
ClosedDay = Annotated[str, AfterValidator(_is_a_day)]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Part(BaseModel):
    """A misspelt key is told, and not lost."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Service(Part):
    names: Words
    short_names: Words


class Contact(Part):
    phone: str
    mail: str
    url: str
    names: Words


class ReadingHours(Part):
    """When staff read what came in; Japan's time. These are the working days, too: see `working_days`."""

    days: Annotated[list[Literal[DAYS]], Field(min_length=1)]  # type: ignore[valid-type]
    opens: Hour
    closes: Hour
    closed_on_holidays: bool
    """Japan's public holidays."""
    closed_on: Annotated[list[ClosedDay], Field(max_length=100)] = list(AROUND_NEW_YEAR)
    """Further days, `12-29` each year or `2026-10-01` once."""
    note: Words


class EmergencyContact(Part):
    code: str
    phone: str
    names: Words


class Mail(Part):
    sender_address: str
    sender_names: Words
    reply_to: str


class Colours(Part):
    primary: Colour
    primary_dark: Colour
    primary_light: Colour
    accent: Colour


class Map(Part):
    """Where somebody looks first who has yet to choose a place."""

    lat: float
    lon: float


class Limits(Part):
    border_margin_m: float = Field(ge=0, le=500)
    photos_per_report: int = Field(ge=1, le=MOST_PHOTOS)
    photo_bytes: int = Field(ge=LEAST_BYTES, le=MOST_BYTES)
    photo_types: Annotated[list[Literal[PHOTO_TYPES]], AfterValidator(_hold_jpeg)]  # type: ignore[valid-type]


class Notice(Part):
    """At the top of the pages, from `since` until the end of the day `until`."""

    code: Code
    since: date
    until: date
    titles: Annotated[dict[str, _Title], AfterValidator(_in_known_languages)]
    words: Annotated[dict[str, _Paragraph], AfterValidator(_in_known_languages)]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until < self.since:
            raise PydanticCustomError("notice_ends_first", "it ends before it begins")
        return self


class Profile(Part):
    """One object for all requests that read the same version: nobody changes it, a change is a copy."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(pattern=r"^\d{6}$")
    languages: list[str]
    number_prefix: str = Field(pattern=r"^[A-Z]{1,4}$")
    names: Words
    service: Service
    contact: Contact
    reading_hours: ReadingHours
    emergency_contacts: list[EmergencyContact]
    mail: Mail
    colours: Colours
    map: Map
    limits: Limits
    notices: list[Notice] = []

    @model_validator(mode="after")
    def _languages_are_known(self) -> Self:
        if unknown := set(self.languages) - set(LANGUAGES):
            raise ValueError(f"unknown languages: {', '.join(sorted(unknown))}")
        if DEFAULT not in self.languages:
            raise ValueError(f"languages: {DEFAULT} is missing, which stands in for all others")
        return self

    def as_json(self) -> dict[str, Any]:
        """As `ward.profile` holds it."""
        return self.model_dump(mode="json")

    @staticmethod
    def stored(held: Mapping[str, Any]) -> "Profile":
        """What `ward.profile` holds, also where another release has written it."""
        return understood(orjson.dumps(held))


@lru_cache(maxsize=8)
def understood(written: str | bytes) -> Profile:
    """The JSON of `ward.profile`. Read anew for each request, and understood anew when it has changed."""
    return Profile.model_validate(_of_this_release(orjson.loads(written)), extra="ignore")


def _of_this_release(held: dict[str, Any]) -> dict[str, Any]:
    """Within what the service can: who only reads is not refused what a writer would be."""
    held = {"number_prefix": "NR"} | _in_our_languages(held)
    limits, hours = held.get("limits", {}), held.get("reading_hours", {})
    languages = [each for each in held.get("languages", LANGUAGES) if each in LANGUAGES]
    types = [each for each in limits.get("photo_types", PHOTO_TYPES) if each in PHOTO_TYPES]
    days = [each for each in hours.get("days", ()) if each in DAYS]
    bounded = {
        "photos_per_report": min(max(limits.get("photos_per_report", MOST_PHOTOS), 1), MOST_PHOTOS),
        "photo_bytes": min(max(limits.get("photo_bytes", MOST_BYTES), LEAST_BYTES), MOST_BYTES),
        "photo_types": types if ALWAYS_TAKEN in types else [ALWAYS_TAKEN, *types],
    }
    return held | {
        "languages": languages if DEFAULT in languages else [DEFAULT, *languages],
        "limits": limits | bounded,
        "reading_hours": {"closed_on_holidays": True} | hours | {"days": days or DAYS[:5]},
    }


def _in_our_languages(held: Any) -> Any:
    """Words are wherever there are some in Japanese."""
    if isinstance(held, list):
        return [_in_our_languages(each) for each in cast(list[Any], held)]
    if not isinstance(held, dict):
        return held
    parts = cast(dict[str, Any], held)
    are_words = DEFAULT in parts
    return {key: _in_our_languages(part) for key, part in parts.items() if not are_words or key in LANGUAGES}
