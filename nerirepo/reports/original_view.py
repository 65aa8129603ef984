"""What the resident sent, as colleagues read it: words, answers and pictures, and nothing of who it was."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from nerirepo.catalogue.questions import Question
from nerirepo.photos import view
from nerirepo.reports.photos_of import photos_of
from nerirepo.reports.tables import PhotoRole
from nerirepo.words import language


class Answer(BaseModel):
    code: str
    question: str
    value: bool | int | float | str
    choice: str | None
    """The chosen answer in words."""


class Original(BaseModel):
    description: str
    answers: list[Answer]
    accuracy_m: float | None
    location_source: str | None
    location_confirmed: bool
    observed_at: datetime | None
    locale: str
    has_contact: bool
    """The desk can ask for it, with a reason."""


class Rendition(BaseModel):
    name: str
    url: str
    width: int
    height: int
    content_type: str


class ReportPhotoView(BaseModel):
    photo_id: UUID
    role: PhotoRole
    state: str
    reason: str | None
    sha256: str
    is_cleared: bool
    event_seq: int | None
    """The event that it came with; None for the report itself."""
    renditions: list[Rendition]


def original(row: Any, questions: list[dict[str, Any]], locale: str) -> Original:
    """`row` has the columns of `report_original`, and `has_contact`; `questions` are the category's."""
    asked = {question.code: question for question in map(Question.model_validate, questions)}
    return Original(
        description=row.description,
        answers=[_answer(code, value, asked.get(code), locale) for code, value in row.answers.items()],
        accuracy_m=row.accuracy_m,
        location_source=row.location_source,
        location_confirmed=row.location_confirmed,
        observed_at=row.observed_at,
        locale=row.locale,
        has_contact=row.has_contact,
    )


def _answer(code: str, value: Any, question: Question | None, locale: str) -> Answer:
    if question is None:  # of a category that it had before
        return Answer(code=code, question=code, value=value, choice=None)
    chosen = next((choice for choice in question.choices if choice.code == value), None)
    return Answer(
        code=code,
        question=language.name(question.labels, locale),
        value=value,
        choice=language.name(chosen.labels, locale) if chosen else None,
    )


def photos(session: Session, report_id: UUID) -> list[ReportPhotoView]:
    return [
        ReportPhotoView.model_validate(
            view.shown(photo) | {"role": row.role, "is_cleared": row.is_cleared, "event_seq": row.event_seq}
        )
        for row, photo in photos_of(session, report_id)
    ]
