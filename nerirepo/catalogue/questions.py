"""What does a category ask, and does an answer fit the question?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.words.fields import Code, Text
from nerirepo.words.language import DEFAULT, name, translator

LONGEST_ANSWER = 500
"""Characters: an answer is a line or two; the description has room for more."""
LARGEST_NUMBER = 1e9
"""Either way from zero: a pole's number fits, a slip of the finger does not."""


class QuestionType(StrEnum):
    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    labels: dict[str, Text]


class Question(BaseModel):
    """One question of a category, as `categories.toml` and `category.questions` have it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    type: QuestionType
    labels: dict[str, Text]
    """Language to words."""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    retired: bool = False
    """No longer asked; answers of apps that still do are taken."""

    @model_validator(mode="after")
    def _choices_belong_to_a_choice(self) -> Self:
        if (self.type is QuestionType.CHOICE) != bool(self.choices):
            raise ValueError("choices belong to a question of the type choice, and to no other")
        if any(DEFAULT not in each.labels for each in (self, *self.choices)):
            raise ValueError(f"a label is missing in {DEFAULT}")
        return self


class AnswerInvalid(Invalid):
    """An answer does not fit its question."""

    code = "answer_invalid"


@dataclass(frozen=True)
class Checked:
    answers: dict[str, str | int | float | bool]
    missing: list[str]
    """Required questions without an answer: apps of last month do not know them, so this refuses nothing."""


def check_answers(questions: Sequence[Question], answers: Mapping[str, Any]) -> Checked:
    """The answers, cleaned. Raises `AnswerInvalid` for an unknown question or an answer that does not fit."""
    known = {question.code: question for question in questions}
    taken: dict[str, Any] = {}
    faults: list[FieldFault] = []
    for code, answer in answers.items():
        question = known.get(code)
        if question is None:
            faults.append(FieldFault(f"answers.{code}", "question_unknown", "This is not asked here."))
            continue
        try:
            taken[code] = _fitting(question, answer)
        except _DoesNotFit as why:
            faults.append(FieldFault(f"answers.{code}", "answer_invalid", str(why)))
    if faults:
        raise AnswerInvalid(faults=tuple(faults))
    asked = (question for question in questions if question.required and not question.retired)
    return Checked(taken, [question.code for question in asked if taken.get(question.code) in (None, "")])


class _DoesNotFit(ValueError):
    pass


_TEXT = TypeAdapter(Text)


def _fitting(question: Question, answer: Any) -> Any:
    match question.type:
        case QuestionType.CHOICE:
            codes = [choice.code for choice in question.choices]
            if not isinstance(answer, str) or answer not in codes:
                raise _DoesNotFit(f"One of {', '.join(codes)} is expected.")
            return answer
        case QuestionType.BOOLEAN:
            if not isinstance(answer, bool):
                raise _DoesNotFit("true or false is expected.")
            return answer
        case QuestionType.NUMBER:
            is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
            if not is_number or not -LARGEST_NUMBER <= answer <= LARGEST_NUMBER:
                raise _DoesNotFit(f"A number of at most {LARGEST_NUMBER:.0f} is expected.")
            return answer
        case QuestionType.TEXT:
            try:
                words = _TEXT.validate_python(answer)
            except ValidationError as error:
                raise _DoesNotFit(error.errors()[0]["msg"]) from None
            if len(words) > LONGEST_ANSWER:
                raise _DoesNotFit(f"At most {LONGEST_ANSWER} characters are taken.")
            return words


def in_words(
    questions: Sequence[Question], answers: Mapping[str, Any], language: str
) -> list[tuple[str, str]]:
    """Each answer as people read it, behind its question, in the order in which they are asked."""
    return [
        (name(each.labels, language), _said(each, answers[each.code], language))
        for each in questions
        if each.code in answers
    ]


def _said(question: Question, answer: Any, language: str) -> str:
    if isinstance(answer, bool):
        return translator(language)("posting.said.yes" if answer else "posting.said.no")
    chosen = (each for each in question.choices if each.code == answer)
    labels = next((each.labels for each in chosen), None)
    return name(labels, language) if labels else f"{answer:g}" if isinstance(answer, float) else str(answer)
