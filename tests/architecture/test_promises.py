"""Each promise of time is in the list, and the list is of lines and tests that there are."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.promises import CHECKOUT, Promise, promises

PROMISES = promises()
NOT_PROMISED = {
    "nerirepo/catalogue/working_days.py:LONGEST_CLOSED": "ends a count that would have no end",
    "nerirepo/notifications/overdue.py:OVERDUE_AFTER": "a pace of ours, by which the sweep asks again",
    "nerirepo/publication/publish.py:COUNTED_WITHIN": "a pace of ours, by which numbers follow",
    "nerirepo/publication/read/typical_duration.py:_DAY": "what a length is divided by",
    "nerirepo/reporters/guesses.py:_AT_AN_ADDRESS": "no limit: it counts what to forgive",
    "nerirepo/reports/changes.py:_CLOCKS_DIFFER": "between our own machines",
    "workers/run.py:LARGEST_STEP": "of our own clock, after which a worker starts anew",
    "workers/run.py:LONGEST_WAIT": "a pace of ours, by which a job is tried again",
    "workers/run.py:WAIT_FOR_PART": "a pace of ours, by which a job is tried again",
    "workers/sweep.py:LATE": "a pace of ours, by which the sweep asks again",
}
"""Lengths of time that no person is promised."""


@pytest.mark.parametrize("promise", PROMISES, ids=[each.says for each in PROMISES])
def test_a_promise_stands_where_the_list_says_and_its_test_is_there(promise: Promise) -> None:
    assert (CHECKOUT / promise.file).read_text().count(promise.line) == 1
    assert promise.broken != promise.line
    file, function = promise.test.split("::")
    assert f"def {function.partition('[')[0]}(" in (CHECKOUT / file).read_text()


def lengths_of_time() -> Iterator[str]:
    """`file:NAME` of every constant of a module that is made of a timedelta."""
    for folder in ("nerirepo", "web", "api", "workers", "web_public", "web_residents", "web_staff"):
        for file in sorted((CHECKOUT / folder).rglob("*.py")):
            if "migrations" in file.parts:
                continue
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _has_timedelta(node.value):
                    for name in _names(node):
                        yield f"{file.relative_to(CHECKOUT)}:{name}"


def _names(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def _has_timedelta(value: ast.expr) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "timedelta" for each in ast.walk(value))


@pytest.mark.parametrize("constant", list(lengths_of_time()))
def test_each_length_of_time_is_promised_and_held_or_said_to_be_nobodys(constant: str) -> None:
    file, name = constant.split(":")
    held = [each for each in PROMISES if each.file == file and re.search(rf"\b{name}\b", each.line)]
    assert held or constant in NOT_PROMISED


def test_what_is_said_to_be_nobodys_is_still_there() -> None:
    assert set(NOT_PROMISED) <= set(lengths_of_time())
