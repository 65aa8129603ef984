"""The status table, as an official of the ward would read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.reports.status import (
    CLOSED,
    GROUPS,
    MOVES,
    OPEN,
    Action,
    EventKind,
    MoveNotPossible,
    Status,
    move,
    possible,
)
from nerirepo.words.language import catalogue

R, C, P = Status.RECEIVED, Status.CHECKING, Status.IN_PROGRESS

EDGES = [
    ("accept", {R}, Status.CHECKING, True),
    ("ask", {R, C}, None, True),
    ("start", {R, C}, Status.IN_PROGRESS, True),
    ("resolve", {R, C, P, Status.HANDED_OVER}, Status.RESOLVED, True),
    ("decline", {R, C, P}, Status.DECLINED, True),
    ("hand_over", {R, C, P}, Status.HANDED_OVER, True),
    ("merge", {R, C, P}, Status.DUPLICATE, True),
    ("thank", {R}, Status.THANKED, True),
    ("withdraw", {R, C}, Status.WITHDRAWN, True),
    (
        "reopen",
        {Status.RESOLVED, Status.DECLINED, Status.HANDED_OVER, Status.DUPLICATE},
        Status.CHECKING,
        True,
    ),
    ("undo_merge", {Status.DUPLICATE}, None, False),
    ("reassign", {R, C, P}, None, False),
    ("recategorise", {R, C, P}, None, False),
    ("edit_public_text", {R, C, P}, None, False),
    ("note", set(Status), None, False),
    ("read", set(Status), None, False),
    ("publish", set(Status), None, False),
    ("hide", set(Status), None, False),
    ("feature", {Status.RESOLVED}, None, False),
    ("unfeature", {Status.RESOLVED}, None, False),
]


@pytest.mark.parametrize(("action", "sources", "target", "tells"), EDGES, ids=[edge[0] for edge in EDGES])
def test_each_edge_is_as_the_vocabulary_has_it(
    action: str, sources: set[Status], target: Status | None, tells: bool
) -> None:
    edge = MOVES[Action(action)]
    assert (edge.sources, edge.to, edge.tells_reporter) == (sources, target, tells)


def test_the_table_has_no_other_edges() -> None:
    assert {edge[0] for edge in EDGES} == {action.value for action in Action} == set(MOVES)


@given(st.sampled_from(Status), st.sampled_from(Action), st.booleans())
def test_a_move_ends_where_the_table_says_or_is_refused(
    status: Status, action: Action, is_deed: bool
) -> None:
    edge = MOVES[action]
    allowed = status in edge.sources and (action is not Action.THANK or is_deed) and not edge.goes_back
    if allowed:
        assert move(status, action, is_deed=is_deed) is (edge.to or status)
    else:
        with pytest.raises(MoveNotPossible) as refused:
            move(status, action, is_deed=is_deed)
        assert refused.value.facts == {"report_status": status.value, "action": action.value}


@given(st.sampled_from(Status), st.sampled_from([None, *Status]))
def test_a_merge_taken_back_ends_where_the_report_stood_open_before(
    status: Status, before: Status | None
) -> None:
    if status is Status.DUPLICATE and before in OPEN:
        assert move(status, Action.UNDO_MERGE, before=before) is before
    else:
        with pytest.raises(MoveNotPossible):
            move(status, Action.UNDO_MERGE, before=before)


@given(st.sampled_from(Status), st.booleans(), st.booleans())
def test_what_is_offered_to_staff_can_be_done(status: Status, is_deed: bool, is_featured: bool) -> None:
    for action in possible(status, is_deed=is_deed, is_featured=is_featured):
        move(status, action, is_deed=is_deed)
        assert action is not Action.WITHDRAW


def test_an_improvement_case_can_only_be_taken_back_and_another_only_be_chosen() -> None:
    chosen, other = (possible(Status.RESOLVED, is_featured=is_featured) for is_featured in (True, False))
    assert Action.UNFEATURE in chosen
    assert Action.FEATURE not in chosen
    assert Action.FEATURE in other
    assert Action.UNFEATURE not in other


def test_every_status_has_a_public_word_and_is_open_or_closed() -> None:
    assert {f"status.{each}" for each in Status} <= catalogue("ja").keys()
    assert set(GROUPS) == set(Status) == OPEN | CLOSED
    assert not OPEN & CLOSED


def test_the_history_tells_of_every_action_and_of_what_residents_say() -> None:
    assert {*EventKind} - {*Action} == {EventKind.SUBMIT, EventKind.COMMENT, EventKind.FEEDBACK}
    assert {move.event for move in MOVES.values()} == {*Action}
