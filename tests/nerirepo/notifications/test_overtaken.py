"""Which letters are not sent any more, because of what has happened since."""

import pytest

from nerirepo.notifications.overtaken import Later, is_overtaken
from nerirepo.reports.status import CLOSED, OPEN, Action, Status

CLOSINGS = ("resolve", "decline", "hand_over", "merge", "thank", "withdraw")


@pytest.mark.parametrize("kind", CLOSINGS)
@pytest.mark.parametrize("status", Status)
def test_a_closing_is_told_only_while_the_report_is_closed(kind: str, status: Status) -> None:
    assert is_overtaken(kind, [Later("reopen", status)]) is (status in OPEN)
    assert is_overtaken(kind, [Later("reopen", status), Later("resolve", Status.RESOLVED)]) is (
        status in OPEN
    ), "what was closed again has a letter of its own"


@pytest.mark.parametrize(
    ("later", "is_asked"),
    [
        (Later("note", Status.CHECKING), True),
        (Later("accept", Status.CHECKING), True),
        (Later("comment", Status.CHECKING), False),
        (Later("ask", Status.CHECKING), False),
        (Later("start", Status.IN_PROGRESS), False),
        *((Later("x", status), False) for status in CLOSED),
    ],
)
def test_a_question_is_asked_only_while_it_is_open(later: Later, is_asked: bool) -> None:
    assert is_overtaken("ask", [later]) is not is_asked


@pytest.mark.parametrize("kind", [Action.ACCEPT, Action.START, Action.REOPEN])
@pytest.mark.parametrize("status", Status)
def test_progress_is_told_unless_the_report_was_taken_back(kind: Action, status: Status) -> None:
    assert is_overtaken(kind, [Later("x", status)]) is (status is Status.WITHDRAWN)


@pytest.mark.parametrize("status", Status)
def test_the_receipt_is_owed_whatever_follows(status: Status) -> None:
    assert not is_overtaken("submit", [Later("x", status)])


@pytest.mark.parametrize("kind", ["submit", *Action])
def test_nothing_is_overtaken_by_nothing(kind: str) -> None:
    assert not is_overtaken(kind, [])
