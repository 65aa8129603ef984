"""Stories of a mail server that is away, refuses, is slow, or hangs up at the worst moment."""

import os
import time

import pytest

from tests.faults.checker import check, settle
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.phone import Phone
from tests.faults.seeds import with_seeds
from tests.faults.service import PATIENCE, Service, eventually
from tests.faults.staff import Staff

pytestmark = pytest.mark.long

CLOSED = float(os.environ.get("FAULTS_CLOSED", "10"))
"""Seconds. The full measure is 180."""
A_CONVERSATION = 90
"""Seconds that a letter is left in the hand of a server that does not answer."""
GREYLISTED = 110
"""Seconds: a server that said later twice is asked again after half a minute, and after one."""


@with_seeds
def test_a_mail_server_that_is_closed_for_a_while_costs_no_letter(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed), service.post_office.closed():
        eventually(lambda: len(ledger.receipts) > 10, "traffic without letters")
        time.sleep(CLOSED)
    check(service, ledger)


@with_seeds
def test_a_mail_server_that_lets_one_in_and_says_nothing_holds_up_letters_alone(
    service: Service, ledger: Ledger, seed: int
) -> None:
    office = service.post_office
    with load(service, ledger, seed):
        eventually(lambda: len(ledger.receipts) > 2, "traffic")
        office.is_tarpit = True
        try:
            office.hang_up()
            eventually(lambda: office.stuck > 1, "two tries that heard nothing")
            photos = len(ledger.photos)
            eventually(lambda: len(ledger.photos) > photos, "photos meanwhile")
        finally:
            office.is_tarpit = False
    check(service, ledger, seconds=PATIENCE + A_CONVERSATION)


@with_seeds
@pytest.mark.parametrize("answer", ["421 too busy", "451 come back later"])
def test_a_mail_server_that_says_later_gets_every_letter_later(
    service: Service, ledger: Ledger, seed: int, answer: str
) -> None:
    office = service.post_office
    with load(service, ledger, seed):
        before, office.to_recipient = office.refused, answer
        eventually(lambda: office.refused >= before + 5, "refused letters")
        office.to_recipient = None
    check(service, ledger, seconds=PATIENCE + GREYLISTED)


@with_seeds
def test_a_letter_that_is_refused_for_good_is_shown_to_staff_and_holds_up_no_other(
    service: Service, ledger: Ledger, seed: int
) -> None:
    phone, member = Phone(service, ledger, "resident"), Staff(service, ledger)
    refused = "SELECT FROM delivery WHERE report_id::text = %s AND state = 'failed'"
    with load(service, ledger, seed):
        service.post_office.to_recipient = "550 no such user"
        report_id = phone.post()["id"]
        eventually(lambda: service.rows(refused, report_id), "a letter that is refused")
        service.post_office.to_recipient = None
        member.move_on(report_id)
    check(service, ledger, unsent=("failed",))
    seen = member.look(report_id)
    assert seen
    assert {each["state"] for each in seen["deliveries"]} == {"failed", "sent"}


def test_a_slow_conversation_is_not_taken_for_a_dead_one(service: Service, ledger: Ledger) -> None:
    """One letter takes longer than a lease, and the other waits for it just as long."""
    phone = Phone(service, ledger, "resident")
    service.post_office.seconds = 20
    phone.post()
    eventually(service.being_sent, "a letter is on its way")
    settle(service)
    service.post_office.seconds = 0
    check(service, ledger)


@with_seeds
def test_a_line_that_is_cut_after_the_letter_repeats_it_under_the_same_id(
    service: Service, ledger: Ledger, seed: int
) -> None:
    office = service.post_office
    with load(service, ledger, seed):
        before, office.cut = len(office.taken), 2
        eventually(lambda: office.cut == 0, "two cuts")
        ledger.letters_hit |= {
            each.message_id.partition("@")[0] for each in office.taken[before:] if not each.was_answered
        }
    check(service, ledger, seconds=PATIENCE + GREYLISTED)
    assert ledger.letters_hit
