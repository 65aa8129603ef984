"""What a resident writes waits until somebody has read it."""

from typing import Any

import pytest

from nerirepo.reports.status import Action
from nerirepo.reports.unread import ANSWERS, answers, asks_to_be_read


@pytest.mark.parametrize(
    ("kind", "has_words", "facts", "waits"),
    [
        ("comment", True, {}, True),
        ("comment", False, {"photo_ids": ["x"]}, True),
        ("feedback", False, {"fixed": True}, False),
        ("feedback", True, {"fixed": True}, True),
        ("feedback", False, {"fixed": False}, True),
        ("feedback", False, {"fixed": False, "own": False}, True),
        (Action.REOPEN, False, {"fixed": False}, True),
        (Action.REOPEN, True, {"fixed": False}, True),
        (Action.WITHDRAW, True, {}, True),
        (Action.WITHDRAW, False, {}, False),
        ("follow", False, {}, False),
        ("submit", False, {}, False),
    ],
)
def test_words_photos_and_a_no_are_read_by_somebody(
    kind: str, has_words: bool, facts: dict[str, Any], waits: bool
) -> None:
    assert asks_to_be_read(kind, by_reporter=True, has_words=has_words, facts=facts) is waits
    assert not asks_to_be_read(kind, by_reporter=False, has_words=has_words, facts=facts)


def test_an_answer_is_what_the_reporter_hears_of_or_a_plain_i_have_read_it() -> None:
    assert {
        Action.READ,
        Action.ACCEPT,
        Action.ASK,
        Action.START,
        Action.RESOLVE,
        Action.DECLINE,
        Action.HAND_OVER,
        Action.MERGE,
        Action.THANK,
        Action.REOPEN,
    } == ANSWERS
    assert not answers(Action.NOTE, unread_seq=5, seen_seq=9)


def test_what_came_after_the_page_was_opened_is_not_read_by_it() -> None:
    assert answers(Action.RESOLVE, unread_seq=5, seen_seq=5)
    assert not answers(Action.RESOLVE, unread_seq=6, seen_seq=5)
    assert answers(Action.RESOLVE, unread_seq=6, seen_seq=None)
