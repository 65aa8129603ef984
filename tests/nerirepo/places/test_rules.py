"""The routing table: read in its order, replaced as a whole."""

from collections.abc import Iterator
from typing import Any

import pytest

from nerirepo.database.db import reading, transaction
from nerirepo.places.routing import Rule
from nerirepo.places.rules import RulesInvalid, replace_rules, rules


@pytest.fixture
def table(database: object) -> Iterator[list[Rule]]:
    """The ward's own table, which comes back after the test."""
    with reading() as session:
        own = rules(session)
    yield own
    with transaction() as session:
        replace_rules(session, own)


def rule(**given: Any) -> Rule:
    known = {
        "name": "a rule",
        "then": {"department": "roads"},
        "confidence": 0.9,
        "reason": {"ja": "きまり", "en": "a rule"},
    }
    return Rule.model_validate(known | given)


def test_what_was_put_in_comes_out_in_its_order(table: list[Rule]) -> None:
    assert len(table) > 10
    turned = [*reversed(table), rule(when={"answers": {}, "facility": False})]
    with transaction() as session:
        replace_rules(session, turned)
    with reading() as session:
        assert rules(session) == turned


def test_answers_keep_their_kind(table: list[Rule]) -> None:
    asked = rule(when={"category": ["waste.dumping"], "answers": {"land": ["private", 1, True, 1.5]}})
    with transaction() as session:
        replace_rules(session, [asked])
    with reading() as session:
        (stored,) = rules(session)
    assert [(each, type(each)) for each in stored.when.answers["land"]] == [
        ("private", str),
        (1, int),
        (True, bool),
        (1.5, float),
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"then": {"department": "moon"}}, "rules[1].then.department"),
        ({"then": {"manager": "moon"}}, "rules[1].then.manager"),
        ({"when": {"category": ["road.*", "moon.*"]}}, "rules[1].when.category"),
        ({"when": {"category": ["road.sign"], "answers": {"moon": 1}}}, "rules[1].when.answers"),
    ],
)
def test_a_code_that_does_not_exist_is_named_and_nothing_changes(
    table: list[Rule], given: dict[str, Any], field: str
) -> None:
    with pytest.raises(RulesInvalid) as caught, transaction() as session:
        replace_rules(session, [rule(), rule(**given)])
    assert [fault.field for fault in caught.value.faults] == [field]
    with reading() as session:
        assert rules(session) == table
