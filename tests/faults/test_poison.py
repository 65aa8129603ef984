"""Stories of jobs that can never succeed: they are left where people see them, and hold up nobody."""

import pytest

from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.service import Service, eventually

pytestmark = pytest.mark.long

LAST_TRY = 7
"""Of eight. The waits between them grow to half an hour: the test turns the clock, and not the tries."""


def test_a_poison_photo_becomes_a_dead_letter_that_one_command_revives(
    service: Service, ledger: Ledger
) -> None:
    phone = Phone(service, ledger, "poisoner")
    (photo_id, _), *_ = phone.write(photos=1)["photos"]
    service.at("worker.photo", f"always raise {photo_id}")
    eventually(phone.send_oldest, "the report with the poison")
    eventually(lambda: job(service, photo_id)["attempts"] >= 2, "two tries")
    service.rows(
        "UPDATE procrastinate_jobs SET attempts = %s, scheduled_at = now() WHERE args->>'photo_id' = %s"
        " AND status = 'todo' RETURNING id",
        LAST_TRY,
        photo_id,
    )
    eventually(lambda: job(service, photo_id)["status"] == "failed", "it gives up")
    phone.write(photos=1)
    eventually(phone.send_oldest, "another report")
    check_but_for_the_poison = [each for each in ledger.photos if each != photo_id]
    eventually(
        lambda: service.rows(
            "SELECT id FROM photo WHERE id::text = %s AND state = 'ready'", check_but_for_the_poison[0]
        ),
        "the other photo is ready",
    )
    shown = service.command("jobs", "failed")
    assert f"process_photo  photo_id={photo_id}" in shown.stdout, shown.stdout + shown.stderr
    assert "process_photo" in service.command("check").stdout
    # A sweep comes every ten seconds, and leaves what waits for a person.
    assert len(service.rows("SELECT id FROM procrastinate_jobs WHERE args->>'photo_id' = %s", photo_id)) == 1

    service.heal("worker.photo")
    assert "1 jobs begin anew" in service.command("jobs", "retry").stdout
    check(service, ledger)


def job(service: Service, photo_id: str) -> dict[str, object]:
    found = service.rows(
        "SELECT status, attempts FROM procrastinate_jobs WHERE args->>'photo_id' = %s", photo_id
    )
    return found[0] if found else {"status": None, "attempts": 0}
