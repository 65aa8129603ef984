"""Stories of jobs that can never succeed: they are left where people see them, and hold up nobody."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.phone import Phone
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually
from tests.faults.staff import Staff

pytestmark = pytest.mark.long

NAMES = ["process_photo", "publish", "notify"]
LAST_TRY = 7
"""Of eight. The waits between them grow to half an hour: the test turns the clock, and not the tries."""


@pytest.fixture(autouse=True)
def _healed(service: Service) -> Iterator[None]:
    yield
    for name in NAMES:
        service.heal(f"worker.{name}")  # a case that fails leaves no poison for the next


@with_seeds
@pytest.mark.parametrize("name", NAMES)
def test_a_poison_job_becomes_a_dead_letter_that_one_command_revives(
    service: Service, ledger: Ledger, seed: int, name: str
) -> None:
    phone, member = Phone(service, ledger, "poisoner"), Staff(service, ledger)
    # Each who works on a report asks to publish it: at work, staff would hand the poison to several jobs.
    with nullcontext() if name == "publish" else load(service, ledger, seed):
        service.at(f"worker.{name}", "always raise")
        # A photo that becomes ready would ask to publish once more.
        report_id = phone.post(photos=name == "process_photo")["id"]
        member.move_on(report_id)  # accepted, and so published
        poison = eventually(lambda: poisoned(service, name), "a job that fails")
        service.at(f"worker.{name}", f"always raise {poison}")
        becomes_a_dead_letter(service, name, poison)

        other = phone.post(photos=1)
        eventually(lambda: is_ready(service, other["photos"][0][0]), "another photo is ready")
        member.move_on(other["id"])
        eventually(lambda: is_published(service, other["id"]), "another report is public")
        eventually(lambda: is_told(service, other["id"]), "another report has its letters")

    service.heal(f"worker.{name}")
    assert "1 jobs begin anew" in service.command("jobs", "retry").stdout
    check(service, ledger)


@with_seeds
def test_a_job_whose_end_could_not_be_written_down_does_not_stay_in_a_living_hand(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed):
        lost = service.at("worker.notify_ended", "raise")
        eventually(lost, "the end that is not written down")
    check(service, ledger)


def poisoned(service: Service, name: str) -> str | None:
    """The id that the job was asked for with."""
    failed = "SELECT args FROM procrastinate_jobs WHERE task_name = %s AND attempts > 0 ORDER BY id"
    for row in service.rows(failed, name):
        return str(next(iter(row["args"].values())))
    return None


def becomes_a_dead_letter(service: Service, name: str, poison: str) -> None:
    """It gives up after its tries, and people see it."""
    eventually(lambda: job(service, name, poison)["attempts"] >= 2, "two tries")
    service.rows(
        "UPDATE procrastinate_jobs SET attempts = %s, scheduled_at = now() WHERE id = %s RETURNING id",
        LAST_TRY,
        job(service, name, poison)["id"],
    )
    eventually(lambda: job(service, name, poison)["status"] == "failed", "it gives up")
    shown = service.command("jobs", "failed")
    assert f"{name}  " in shown.stdout, shown.stdout + shown.stderr
    assert poison in shown.stdout
    assert name in service.command("check").stdout
    # A sweep comes every ten seconds, and leaves what waits for a person.
    assert len(jobs(service, name, poison)) == 1


def job(service: Service, name: str, poison: str) -> dict[str, Any]:
    found = jobs(service, name, poison)
    return found[0] if found else {"id": None, "status": None, "attempts": 0}


def jobs(service: Service, name: str, poison: str) -> list[dict[str, Any]]:
    return service.rows(
        """
        SELECT id, status, attempts FROM procrastinate_jobs
        WHERE task_name = %s AND EXISTS (SELECT FROM jsonb_each_text(args) WHERE value = %s)
        """,
        name,
        poison,
    )


def is_ready(service: Service, photo_id: str) -> bool:
    return bool(service.rows("SELECT FROM photo WHERE id::text = %s AND state = 'ready'", photo_id))


def is_published(service: Service, report_id: str) -> bool:
    return bool(service.rows("SELECT FROM published.report WHERE id::text = %s", report_id))


def is_told(service: Service, report_id: str) -> bool:
    return bool(service.rows("SELECT FROM delivery WHERE report_id::text = %s AND state = 'sent'", report_id))
