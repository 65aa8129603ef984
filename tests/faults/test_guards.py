"""Do these tests see anything? Each guard of the service is taken away, and a case must find it out."""

import signal

import pytest

from tests.faults.checker import Violated, check
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.service import Service, eventually, running
from tests.faults.staff import Staff
from tests.faults.test_repeats import two_staff_at_once
from tests.faults.test_two_workers import ask_many_times, tell_many_times

pytestmark = pytest.mark.long


def test_without_the_unique_key_of_a_letter_somebody_is_told_twice(ledger: Ledger) -> None:
    with running() as service:
        take_away_keys(service, "delivery", "u")
        tell_many_times(service, ledger)
        with pytest.raises(Violated, match="two letters to one recipient"):
            check(service, ledger)


def test_without_the_unique_key_of_a_report_the_same_post_is_not_recognised(ledger: Ledger) -> None:
    with running() as service:
        take_away_keys(service, "report_submission", "p")
        phone = Phone(service, ledger, "repeating")
        item = phone.write()
        answers = [phone.send(item) for _ in range(2)]
        assert [each and each.status_code for each in answers] != [201, 200]


def take_away_keys(service: Service, table: str, kind: str) -> None:
    """The table's keys of a kind as PostgreSQL's catalogue writes it: `u` unique, `p` primary."""
    named = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s"
    for row in service.rows(named, table, kind):
        with service.database() as database:
            database.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{row["conname"]}" CASCADE'.encode())


def test_without_if_match_two_staff_overwrite_each_other(ledger: Ledger) -> None:
    with running(NERIREPO_WITHOUT="if_match") as service, pytest.raises(AssertionError):
        two_staff_at_once(service, ledger)


def test_without_the_claim_a_letter_is_sent_twice(ledger: Ledger) -> None:
    with running(NERIREPO_WITHOUT="claim") as service:
        ask_many_times(service, ledger)
        with pytest.raises(Violated, match="no fault had hit it"):
            check(service, ledger)


def test_without_the_commit_before_the_answer_an_acknowledged_report_is_lost(ledger: Ledger) -> None:
    with running(NERIREPO_WITHOUT="commit_before_answer") as service:
        phone = Phone(service, ledger, "believing")
        for _ in range(5):
            phone.write()
            eventually(service.is_well, "the site answers")
            killed = service.at("site.before_commit")
            phone.send_oldest()
            eventually(killed, "the kill")
        with pytest.raises(Violated, match="acknowledged and is lost"):
            check(service, ledger)


def test_without_synchronous_commit_a_crash_loses_what_was_acknowledged(ledger: Ledger) -> None:
    with running() as service:
        with service.database() as database:
            database.execute("ALTER SYSTEM SET synchronous_commit = off")
            # So that what is not flushed at once stays unflushed until the crash.
            database.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            database.execute("ALTER SYSTEM SET wal_writer_flush_after = '1GB'")
        restart_database(service, signal.SIGINT)
        phone = Phone(service, ledger, "believing")
        for _ in range(20):
            phone.write()
            eventually(phone.send_oldest, "a report")
        restart_database(service, signal.SIGKILL)
        with pytest.raises(Violated):
            check(service, ledger)


def restart_database(service: Service, number: signal.Signals) -> None:
    before = service.pids("postgres")
    service.strike("postgres", number)
    eventually(lambda: set(service.pids("postgres")) - set(before), "another database")
    eventually(service.is_well, "the database is back")


def test_without_the_sweeper_the_letters_of_a_killed_worker_stay_where_they_are(ledger: Ledger) -> None:
    with running(NERIREPO_WITHOUT="sweeper") as service:
        phone, _ = Phone(service, ledger, "waiting"), Staff(service, ledger)
        killed = service.at("worker.letter_claimed")
        phone.write()
        eventually(phone.send_oldest, "the report")
        eventually(killed, "the kill")
        with pytest.raises(Violated, match="there is left"):
            check(service, ledger, seconds=60)
