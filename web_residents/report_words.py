"""What the plain form says, read into a report, or into what is missing in it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData

from nerirepo.catalogue.questions import Question, QuestionType
from nerirepo.publication import read as published
from nerirepo.reporters.tables import Eligibility
from nerirepo.reports.submission import BY_TOWN, Submission
from nerirepo.words import language
from nerirepo.words.invisible import without_invisible
from web_residents import photo_places
from web_residents.photo_places import PhotoPlace

FIELDS = (
    "category",
    "asked",
    "town",
    "landmark",
    "lat",
    "lon",
    "description",
    "photo_place",
    "eligibility",
    "earlier",
    "terms_version",
)
"""`asked`: the category whose questions have been shown. `earlier`: the report that this one follows up.
`photo_place`: the photo whose place is meant; a place that was typed goes before it."""
ANSWER = "answer."
"""How the field of an answer begins: then comes its question's code."""
TOWN_RADIUS = 400.0
"""Metres: how far a town's end usually is from its middle."""


@dataclass(frozen=True)
class Filled:
    """`values`, `answers`: each field as it was typed, to be shown again."""

    values: dict[str, str]
    photo_ids: tuple[str, ...]
    answers: dict[str, str] = field(default_factory=dict)
    photo_place: PhotoPlace | None = None
    """Where it is, if nobody has typed it."""

    @classmethod
    def of(cls, form: FormData, photo_ids: list[UUID]) -> "Filled":
        """The form, with the photos that came before and those that came now, each once; none taken out."""
        values = {name: _typed(form.get(name)) for name in FIELDS}
        taken_out = {str(each) for each in form.getlist("without")}
        earlier = [each for each in map(str, form.getlist("photo_ids")) if each not in taken_out]
        answers = {
            name.removeprefix(ANSWER): _typed(answer)
            for name, answer in form.items()
            if name.startswith(ANSWER) and isinstance(answer, str)
        }
        return cls(values, tuple(dict.fromkeys([*earlier, *(str(each) for each in photo_ids)])), answers)

    def at_its_photos(self, owner: UUID) -> "Filled":
        """With the place that its photos know, where none was typed."""
        if self.has_place or not self.photo_ids:
            return self
        known = photo_places.places(photo_places.opened(owner, self.photo_ids))
        place = photo_places.meant(known, self.values["photo_place"])
        chosen = {"photo_place": place.photo_id if place else ""}
        return replace(self, values=self.values | chosen, photo_place=place)

    @property
    def has_place(self) -> bool:
        return bool(self.values["town"] or (self.values["lat"] and self.values["lon"]) or self.photo_place)

    @property
    def eligibility(self) -> Eligibility | None:
        chosen = self.values["eligibility"]
        return Eligibility(chosen) if chosen in list(Eligibility) else None

    def missing(self, *, is_registered: bool) -> str | None:
        """The key below `posting.said.` of what to say, or None."""
        if not self.values["category"]:
            return "kind_missing"
        if not self.has_place:
            return "place_missing"
        if not self.values["description"] and not self.photo_ids:
            return "words_missing"
        if not is_registered and self.eligibility is None:
            return "eligibility_missing"
        return None

    def submission(self, public: Session, lang: str, questions: Sequence[Question]) -> Submission | None:
        """The report; None where something in it makes no sense. Words say where in the town it is."""
        location = self._location(public)
        landmark = self.values["landmark"]
        place = language.translator(lang)("posting.plain.place", place=landmark) if landmark else ""
        try:
            return Submission.model_validate(
                {
                    "category": self.values["category"],
                    "description": "\n".join(part for part in (self.values["description"], place) if part),
                    "location": location,
                    "photo_ids": self.photo_ids,
                    "answers": {
                        each.code: typed for each in questions if (typed := self._answer(each)) != ""
                    },
                    "locale": lang,
                    "earlier_report": self.values["earlier"] or None,
                }
            )
        except ValidationError:
            return None

    def _answer(self, question: Question) -> Any:
        """As the question wants it; what cannot be read stays as it was typed, and is refused as such."""
        typed = self.answers.get(question.code, "")
        match question.type:
            case QuestionType.BOOLEAN:
                return {"true": True, "false": False}.get(typed, typed)
            case QuestionType.NUMBER:
                try:
                    return float(unicodedata.normalize("NFKC", typed))
                except ValueError:
                    return typed
            case _:
                return typed

    def _location(self, public: Session) -> dict[str, Any] | None:
        if place := self.photo_place:
            return {"lat": place.lat, "lon": place.lon, "accuracy_m": place.accuracy_m, "source": "photo"}
        try:
            lat, lon = float(self.values["lat"]), float(self.values["lon"])
        except ValueError:
            found = published.centre_of_town(public, self.values["town"])
            where = {"accuracy_m": TOWN_RADIUS, "source": BY_TOWN}
            return found and {"lat": found.lat, "lon": found.lon} | where
        return {"lat": lat, "lon": lon, "source": "link"}


def _typed(value: object) -> str:
    """Lone surrogates, which browsers never send, become what they look like."""
    words = str(value or "").encode("utf-8", "replace").decode()
    return without_invisible(words).strip()
