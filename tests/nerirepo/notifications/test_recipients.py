"""Who hears of what."""

from typing import Any

import pytest

from nerirepo.notifications.recipients import Happened, told, told_of_photos
from nerirepo.notifications.tables import RecipientKind
from nerirepo.reports.status import EventKind

REPORTER, FOLLOWER, DEPARTMENT = RecipientKind.REPORTER, RecipientKind.FOLLOWER, RecipientKind.DEPARTMENT


def hears(kind: str, *, digest: bool = False, **facts: Any) -> list[RecipientKind]:
    return [each.recipient for each in told(Happened(kind, **facts), department_has_digest=digest)]


@pytest.mark.parametrize(
    ("kind", "recipients"),
    [
        ("submit", [REPORTER, DEPARTMENT]),
        (EventKind.ACCEPT, [REPORTER]),
        (EventKind.ASK, [REPORTER]),
        (EventKind.START, [REPORTER, FOLLOWER]),
        (EventKind.RESOLVE, [REPORTER, FOLLOWER]),
        (EventKind.DECLINE, [REPORTER, FOLLOWER]),
        (EventKind.HAND_OVER, [REPORTER, FOLLOWER]),
        (EventKind.MERGE, [REPORTER, FOLLOWER]),
        (EventKind.THANK, [REPORTER]),
        (EventKind.WITHDRAW, [REPORTER, FOLLOWER]),
        (EventKind.REOPEN, [REPORTER, FOLLOWER, DEPARTMENT]),
        (EventKind.UNDO_MERGE, []),
        (EventKind.REASSIGN, []),
        (EventKind.RECATEGORISE, []),
        (EventKind.EDIT_PUBLIC_TEXT, []),
        (EventKind.NOTE, []),
        (EventKind.READ, []),
        (EventKind.PUBLISH, []),
        (EventKind.HIDE, []),
        (EventKind.FEATURE, []),
        (EventKind.UNFEATURE, []),
        ("comment", []),
        ("feedback", []),
    ],
)
def test_each_kind_of_event_is_told_to(kind: str, recipients: list[RecipientKind]) -> None:
    assert hears(kind) == recipients


def test_every_action_has_been_thought_of() -> None:
    cases = test_each_kind_of_event_is_told_to.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert set(EventKind) == {kind for kind, _ in cases}


def test_a_department_with_a_morning_letter_hears_at_once_only_of_danger() -> None:
    assert hears("submit", digest=True) == [REPORTER]
    assert hears("submit", digest=True, is_danger=True) == [REPORTER, DEPARTMENT]


def test_danger_goes_before_everything_else() -> None:
    urgent = {
        each.recipient: each.urgent
        for each in told(Happened("submit", is_danger=True), department_has_digest=False)
    }
    assert urgent == {REPORTER: False, DEPARTMENT: True}


def test_a_department_hears_of_a_reassignment_that_brings_it_work_but_not_of_a_new_colleague() -> None:
    assert hears(EventKind.REASSIGN, changes_department=True) == [DEPARTMENT]
    assert hears(EventKind.REASSIGN) == []


def test_a_new_category_is_told_to_who_gets_it_and_a_danger_to_who_has_it() -> None:
    assert hears(EventKind.RECATEGORISE, changes_department=True) == [DEPARTMENT]
    assert hears(EventKind.RECATEGORISE, becomes_danger=True, is_danger=True, digest=True) == [DEPARTMENT]
    assert hears(EventKind.RECATEGORISE, is_danger=True) == []


def test_whatever_a_resident_writes_is_told_to_the_department_in_its_own_way() -> None:
    for kind in ("comment", "feedback"):
        assert hears(kind, is_said=True) == [DEPARTMENT]
        assert hears(kind, is_said=True, is_hidden=True) == [DEPARTMENT]
        assert hears(kind, is_said=True, digest=True) == []
        assert hears(kind, is_said=True, digest=True, is_danger=True) == [DEPARTMENT]
    assert hears(EventKind.REOPEN, is_said=True) == [REPORTER, FOLLOWER, DEPARTMENT]  # in one letter


def test_followers_do_not_hear_of_what_the_desk_has_hidden() -> None:
    assert hears(EventKind.RESOLVE, is_hidden=True) == [REPORTER]


def test_nobody_hears_of_a_merge_that_was_taken_back_in_time() -> None:
    assert hears(EventKind.MERGE, is_overtaken=True) == []


@pytest.mark.parametrize("kind", EventKind)
def test_who_sent_a_duplicate_hears_what_came_of_a_report_that_is_not_public_and_nothing_else(
    kind: EventKind,
) -> None:
    unpublished = told(Happened(kind, is_public=False), department_has_digest=False)
    of_duplicates = [each for each in unpublished if each.of_duplicates]
    ends = {EventKind.RESOLVE, EventKind.DECLINE, EventKind.HAND_OVER, EventKind.WITHDRAW}
    assert [(each.recipient, each.template) for each in of_duplicates] == [(REPORTER, "duplicate")] * (
        kind in ends
    )
    public = told(Happened(kind), department_has_digest=False)
    assert not any(each.of_duplicates for each in public)


@pytest.mark.parametrize("are_settled", [True, False])
@pytest.mark.parametrize("any_untold", [True, False])
@pytest.mark.parametrize("receipt_has_left", [True, False])
def test_the_reporter_hears_of_photos_once_all_are_settled_and_what_the_receipt_could_not_say(
    are_settled: bool, any_untold: bool, receipt_has_left: bool
) -> None:
    letters = told_of_photos(
        are_settled=are_settled, any_untold=any_untold, receipt_has_left=receipt_has_left
    )
    is_owed = are_settled and any_untold and receipt_has_left
    assert [(each.recipient, each.template) for each in letters] == [(REPORTER, "photos")] * is_owed
