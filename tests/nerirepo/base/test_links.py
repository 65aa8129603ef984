"""Stories of the links in letters."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from nerirepo.base import clock, links
from nerirepo.base.links import Purpose


def test_a_link_says_which_report_and_which_person_it_speaks_for() -> None:
    report_id, reporter_id = uuid4(), uuid4()
    token = links.make(Purpose.ANSWER, report_id, reporter_id)
    assert links.read(Purpose.ANSWER, token) == links.Link(report_id, reporter_id)


def test_a_link_of_one_purpose_serves_no_other() -> None:
    token = links.make(Purpose.UNSUBSCRIBE, uuid4(), uuid4())
    with pytest.raises(links.LinkUnknown):
        links.read(Purpose.ANSWER, token)


@pytest.mark.parametrize("token", ["", "x", "あ", "A" * 70, "=" * 9, "\x00", "\ud800", "A" * 5000])
def test_a_broken_link_is_unknown(token: str) -> None:
    with pytest.raises(links.LinkUnknown):
        links.read(Purpose.ANSWER, token)


def test_a_link_with_one_changed_character_is_unknown() -> None:
    token = links.make(Purpose.ANSWER, uuid4(), uuid4())
    for position in range(0, 68, 7):
        changed = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
        with pytest.raises(links.LinkUnknown):
            links.read(Purpose.ANSWER, changed)


def test_a_link_is_good_for_a_year() -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        token = links.make(Purpose.ANSWER, uuid4(), uuid4())
        travel.shift(timedelta(days=364))
        links.read(Purpose.ANSWER, token)
        travel.shift(timedelta(days=2))
        with pytest.raises(links.LinkExpired):
            links.read(Purpose.ANSWER, token)
