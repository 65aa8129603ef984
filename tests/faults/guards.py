"""Which guards does the service stand on, and which case finds out that one is missing?

The table is run by `test_guards.py`, and shown by `script/guards`: each guard is taken away from a service of
its own, and the case must fail.
"""

import os
import re
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.checker import Violated, check
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.service import Service, eventually, running
from tests.faults.staff import Staff
from tests.faults.test_poison import job
from tests.faults.test_repeats import two_staff_at_once
from tests.faults.test_two_workers import ask_many_times, tell_many_times

Case = Callable[[Service, Ledger], None]


@dataclass(frozen=True)
class Guard:
    name: str
    stands_in: str
    case: Case
    """What a client does; raises AssertionError when the service has not kept its word."""
    fails_with: str
    """A pattern that is found in what the case then says: it must not fail for another reason."""
    without: str = ""
    """Its name in `inside/sitecustomize.py`, where it is taken away in the code."""
    take_away: Callable[[Service], None] = field(default=lambda service: None)
    """Where it stands in the database."""


def missed(guard: Guard) -> str | None:
    """Run the case without the guard: what it said when it failed; None where it noticed nothing."""
    with running(**({"FAULTS_WITHOUT": guard.without} if guard.without else {})) as service:
        guard.take_away(service)
        try:
            guard.case(service, Ledger())
        except AssertionError as failure:
            said = str(failure) or traceback.format_exception(failure)[-2]
            if not re.search(guard.fails_with, said):
                raise
            return said
    return None


# --- taken away from the database -------------------------------------------------------------------


def keys(table: str, kind: str) -> Callable[[Service], None]:
    """The table's keys of a kind as PostgreSQL's catalogue writes it: `u` unique, `p` primary."""

    def take_away(service: Service) -> None:
        named = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s"
        for row in service.rows(named, table, kind):
            with service.database() as database:
                database.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{row["conname"]}" CASCADE'.encode())

    return take_away


def synchronous_commit(service: Service) -> None:
    with service.database() as database:
        database.execute("ALTER SYSTEM SET synchronous_commit = off")
        # Read again, and not started anew: the service refuses to start on such a database.
        database.execute("SELECT pg_reload_conf()")


# --- cases ------------------------------------------------------------------------------------------


def an_event_is_told_many_times(service: Service, ledger: Ledger) -> None:
    tell_many_times(service, ledger)
    check(service, ledger)


def the_same_post_is_sent_twice(service: Service, ledger: Ledger) -> None:
    phone = Phone(service, ledger, "repeating")
    item = phone.write()
    answers = [phone.send(item) for _ in range(2)]
    said = [each and each.status_code for each in answers]
    assert said == [201, 200], f"the same post twice was answered {said}"


def a_letter_is_asked_for_many_times(service: Service, ledger: Ledger) -> None:
    ask_many_times(service, ledger)
    check(service, ledger)


def the_site_is_killed_before_its_commit(service: Service, ledger: Ledger) -> None:
    phone = Phone(service, ledger, "believing")
    for _ in range(5):
        phone.write()
        eventually(service.is_well, "the site answers")
        killed = service.at("site.before_commit")
        phone.send_oldest()
        eventually(killed, "the kill")
    check(service, ledger)


def the_database_is_killed(service: Service, ledger: Ledger) -> None:
    """While the process sleeps that writes its log behind the commits: what no commit has written itself is
    lost, as in a power cut."""
    phone = Phone(service, ledger, "believing")
    (writer,) = service.rows("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
    before = service.pids("postgres")
    os.kill(writer["pid"], signal.SIGSTOP)
    for _ in range(20):
        phone.post()
    for pid in (*before, writer["pid"]):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: set(service.pids("postgres")) - set(before), "another database")
    eventually(service.is_well, "the database is back")
    check(service, ledger)


def a_worker_is_killed_with_a_letter_in_hand(service: Service, ledger: Ledger) -> None:
    phone, _ = Phone(service, ledger, "waiting"), Staff(service, ledger)
    killed = service.at("worker.letter_claimed")
    phone.post()
    eventually(killed, "the kill")
    check(service, ledger, seconds=60)


def machines_have_different_clocks(service: Service, ledger: Ledger) -> None:
    service.set_clock("site", hours=-3)
    try:
        Phone(service, ledger, "timely", within=30)
    except AssertionError as failure:
        raise Violated(f"nobody can sign in: {failure}") from None


def the_store_gives_half_a_photo(service: Service, ledger: Ledger) -> None:
    phone = Phone(service, ledger, "believing")
    (photo_id, _), *_ = phone.write(photos=1)["photos"]
    service.at("worker.process_photo", "always raise")
    eventually(phone.send_oldest, "the report")
    (original,) = service.home.glob(f"s3/objects/*/photos/{photo_id}/original")
    whole = original.read_bytes()
    original.write_bytes(whole[: len(whole) // 2])
    tried = job(service, "process_photo", photo_id)["attempts"]
    service.heal("worker.process_photo")
    eventually(lambda: job(service, "process_photo", photo_id)["attempts"] != tried, "another try")
    original.write_bytes(whole)
    check(service, ledger)


GUARDS = (
    Guard(
        "unique key of a letter",
        "nerirepo/notifications/tables.py",
        an_event_is_told_many_times,
        "two letters to one recipient",
        take_away=keys("delivery", "u"),
    ),
    Guard(
        "unique key of a report",
        "nerirepo/reports/tables.py",
        the_same_post_is_sent_twice,
        "twice was answered",
        take_away=keys("report_submission", "p"),
    ),
    Guard(
        "If-Match",
        "api/staff/actions.py",
        two_staff_at_once,
        r"\[200, 200\]",
        without="if_match",
    ),
    Guard(
        "claim before send",
        "nerirepo/notifications/send.py",
        a_letter_is_asked_for_many_times,
        "no fault had hit it",
        without="claim",
    ),
    Guard(
        "commit before the answer",
        "web/db.py",
        the_site_is_killed_before_its_commit,
        "acknowledged and is lost",
        without="commit_before_answer",
    ),
    Guard(
        "synchronous_commit",
        "PostgreSQL's settings",
        the_database_is_killed,
        "lost|nothing committed|cannot be read",
        take_away=synchronous_commit,
    ),
    Guard(
        "sweeper",
        "workers/sweep.py",
        a_worker_is_killed_with_a_letter_in_hand,
        "there is left",
        without="sweeper",
    ),
    Guard(
        "one clock",
        "nerirepo/database/shared_clock.py",
        machines_have_different_clocks,
        "nobody can sign in",
        without="shared_clock",
    ),
    Guard(
        "hash of what is read from the store",
        "nerirepo/gateways/storage.py",
        the_store_gives_half_a_photo,
        "acknowledged and is rejected",
        without="hash",
    ),
)


def main() -> int:
    """Show the table. The exit status is 1 where a guard was missed by no case."""
    unnoticed = 0
    for guard in GUARDS:
        said = missed(guard)
        unnoticed += said is None
        found = f"FAILED, as it must: {said.splitlines()[0][:100]}" if said else "NOTICED NOTHING"
        print(f"without {guard.name} ({guard.stands_in})\n    {guard.case.__name__}\n    {found}", flush=True)  # noqa: T201
    return int(unnoticed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
