"""Does an answer fit its question?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nerirepo.catalogue.questions import LONGEST_ANSWER, AnswerInvalid, Question, check_answers


def question(code: str, kind: str, **more: Any) -> Question:
    return Question.model_validate({"code": code, "type": kind, "labels": {"ja": "質問"}} | more)


SIZE = question(
    "size",
    "choice",
    required=True,
    choices=[{"code": "small", "labels": {"ja": "小"}}, {"code": "large", "labels": {"ja": "大"}}],
)
POLE = question("pole", "text")
DEPTH = question("depth_cm", "number")
LIT = question("lit", "boolean")
COLOUR = question("colour", "text", required=True, retired=True)
ALL = [SIZE, POLE, DEPTH, LIT, COLOUR]


def faults(answers: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(AnswerInvalid) as caught:
        check_answers(ALL, answers)
    assert caught.value.code == "answer_invalid"
    return [(fault.field, fault.code) for fault in caught.value.faults]


def test_answers_that_fit_are_taken() -> None:
    given = {"size": "small", "pole": " 12-3 ", "depth_cm": 4.5, "lit": False}
    checked = check_answers(ALL, given)
    assert checked.answers == {"size": "small", "pole": "12-3", "depth_cm": 4.5, "lit": False}
    assert checked.missing == []


def test_a_missing_answer_is_told_and_refuses_nothing() -> None:
    assert check_answers(ALL, {}).missing == ["size"]
    assert check_answers([question("pole", "text", required=True)], {"pole": "  "}).missing == ["pole"]


def test_a_retired_question_is_no_longer_missed_but_its_answer_is_taken() -> None:
    checked = check_answers(ALL, {"size": "small", "colour": "赤"})
    assert checked.answers["colour"] == "赤"


def test_a_no_and_a_nought_are_answers() -> None:
    asked = [question("lit", "boolean", required=True), question("depth_cm", "number", required=True)]
    assert check_answers(asked, {"lit": False, "depth_cm": 0}).missing == []


def test_a_question_that_was_never_asked_is_a_fault() -> None:
    assert faults({"shoe_size": 27}) == [("answers.shoe_size", "question_unknown")]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("size", "medium"),
        ("size", True),
        ("size", ["small"]),
        ("size", None),
        ("pole", 12),
        ("pole", None),
        ("pole", "a\ud800b"),
        ("pole", "\ud800"),
        ("pole", "e" + "\u0301" * 5000),
        ("pole", "あ" * (LONGEST_ANSWER + 1)),
        ("depth_cm", True),
        ("depth_cm", "5"),
        ("depth_cm", float("nan")),
        ("depth_cm", float("inf")),
        ("depth_cm", 10**400),
        ("lit", 1),
        ("lit", "true"),
        ("lit", None),
    ],
)
def test_an_answer_of_another_kind_is_a_fault_of_its_field(code: str, answer: Any) -> None:
    assert faults({code: answer}) == [(f"answers.{code}", "answer_invalid")]


def test_every_fault_is_told_at_once() -> None:
    assert faults({"size": "medium", "lit": 1, "shoe_size": 27}) == [
        ("answers.size", "answer_invalid"),
        ("answers.lit", "answer_invalid"),
        ("answers.shoe_size", "question_unknown"),
    ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([each.code for each in ALL] + ["other"]), anything))
def test_whatever_is_sent_is_taken_or_refused_as_a_fault(answers: dict[str, Any]) -> None:
    try:
        taken = check_answers(ALL, answers).answers.keys()
    except AnswerInvalid as error:
        told = error.faults
    else:
        told = taken == answers.keys()
    assert told


@pytest.mark.parametrize(
    "given",
    [
        {"type": "choice"},
        {"type": "text", "choices": [{"code": "a", "labels": {"ja": "あ"}}]},
        {"type": "date"},
        {"type": "text", "labels": {"en": "only English"}},
        {"type": "text", "size": 3},
    ],
)
def test_a_question_that_nobody_could_answer_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Question.model_validate({"code": "a", "labels": {"ja": "質問"}} | given)
