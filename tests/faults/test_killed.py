"""Stories of processes that are killed with -9, or told to stop, while people use the service."""

import os
import signal

import pytest

from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("FAULTS_KILLS", "3"))
"""At each point. The full measure is 100."""
BETWEEN = 20
"""Answers from one kill to the next, so that there is something to lose."""


@with_seeds
def test_a_service_that_nobody_hurts_keeps_its_word(service: Service, ledger: Ledger, seed: int) -> None:
    with load(service, ledger, seed):
        eventually(lambda: len(ledger.receipts) > 20, "twenty reports")
    assert ledger.lost_answers == 0
    check(service, ledger)


@with_seeds
def test_an_api_that_is_killed_before_its_commit_or_its_answer_loses_nothing_it_has_said(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with service.restarted_at_once(), load(service, ledger, seed):
        for _ in range(KILLS):
            for point in ("site.before_commit", "site.after_commit"):
                answered = ledger.answers.total() + BETWEEN
                eventually(lambda: ledger.answers.total() > answered, "the site answers")  # noqa: B023
                eventually(service.at(point), point)
    assert ledger.lost_answers >= KILLS
    check(service, ledger)


@with_seeds
def test_a_worker_that_is_killed_around_a_letter_loses_none_and_repeats_only_what_was_hit(
    service: Service, ledger: Ledger, seed: int
) -> None:
    points = ("letter_claimed", "letter_before_smtp", "letter_in_smtp", "letter_taken")
    with load(service, ledger, seed):
        for point in points:
            eventually(service.at(f"worker.{point}"), point)
            ledger.letters_hit |= service.being_sent()
    check(service, ledger)


@with_seeds
def test_a_worker_that_is_killed_in_the_middle_of_a_photo_or_a_publication_finishes_it(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed):
        for point in ("photo_rendered", "photo_stored", "publication_copied"):
            eventually(service.at(f"worker.{point}"), point)
            ledger.letters_hit |= service.being_sent()
    check(service, ledger)


@with_seeds
def test_processes_that_are_told_to_stop_under_load_finish_what_they_have_in_hand(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed):
        eventually(lambda: len(ledger.receipts) > 5, "traffic")
        for part in ("worker", "site"):
            before = service.pids(part)
            service.strike(part, signal.SIGTERM)
            eventually(lambda: set(service.pids(part)) - set(before), f"another {part}")  # noqa: B023
    check(service, ledger)


@with_seeds
def test_the_whole_service_is_stopped_and_started_under_load(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed):
        eventually(lambda: len(ledger.receipts) > 5, "traffic")
        service.stop()
        service.start()
        before = len(ledger.receipts)
        eventually(lambda: len(ledger.receipts) > before + 5, "traffic again")
    check(service, ledger)
