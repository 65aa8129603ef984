"""Letters are held after a restore, and leave or go unsent when a person says so."""

from collections.abc import Iterator

import pytest

from nerirepo.database.db import transaction
from nerirepo.notifications import hold, overdue, release
from tests.factories import life, people
from tests.support.mail_server import MoodyServer, moody

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MoodyServer]:
    with moody(monkeypatch) as server:
        yield server


def held_with_a_letter_owed() -> None:
    with transaction() as session:
        hold.hold(session, "restored")
        hold.hold(session, "restored twice")
    life.post(people.resident())
    life.notify_all()


def states() -> list[str]:
    return [each.state for each in life.deliveries(recipient_kind="reporter")]


def test_nothing_leaves_while_letters_are_held(server: MoodyServer) -> None:
    held_with_a_letter_owed()
    life.send_all()
    assert (server.letters, states()) == ([], ["owed"])
    with transaction() as session:
        assert overdue.ask_again(session) == 0
        assert release.waiting(session) == {"submit": 1}


def test_released_letters_leave_at_once(server: MoodyServer) -> None:
    held_with_a_letter_owed()
    with transaction() as session:
        assert release.release(session) == 1
    life.send_all()
    assert (len(server.letters), states()) == (1, ["sent"])


def test_letters_that_are_let_go_are_never_sent_and_later_ones_are(server: MoodyServer) -> None:
    held_with_a_letter_owed()
    with transaction() as session:
        assert release.drop(session) == 1
        assert release.release(session) == 0
    life.send_all()
    assert (server.letters, states()) == ([], ["dropped"])
    life.post(people.resident("taro@example.jp"))
    life.notify_all()
    life.send_all()
    assert len(server.letters) == 1
