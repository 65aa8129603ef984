"""Stories of letters that wait in thousands; scaled down from what a catastrophe would bring."""

import os

import pytest

from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.service import Service, eventually

pytestmark = pytest.mark.long

WAITING = int(os.environ.get("FAULTS_BACKLOG", "3000"))


def test_who_signs_in_does_not_wait_behind_thousands_of_letters(service: Service, ledger: Ledger) -> None:
    phone = Phone(service, ledger, "first")
    phone.write()
    eventually(phone.send_oldest, "the report")
    check(service, ledger)
    report_id = next(iter(ledger.receipts))
    service.rows(
        """
        WITH copy AS (
            INSERT INTO delivery (id, cause_kind, cause_id, channel, recipient_kind, recipient_id, address,
                template, locale, report_id, facts, state, tries, created_at, next_try_at)
            SELECT gen_random_uuid(), cause_kind, cause_id, channel, recipient_kind, 'office ' || number,
                'office' || number || '@ward.example.jp', template, locale, NULL, facts, 'owed', 0,
                now(), now()
            FROM delivery, generate_series(1, %s) AS number
            WHERE report_id::text = %s AND recipient_kind = 'department' RETURNING id
        )
        INSERT INTO procrastinate_jobs (queue_name, task_name, args)
        SELECT 'letters', 'send', jsonb_build_object('delivery_id', id) FROM copy RETURNING id
        """,
        WAITING,
        report_id,
    )
    Phone(service, ledger, "second")  # signs in: its code has come when this returns
    waiting = service.rows("SELECT count(*) AS letters FROM delivery WHERE state IN ('owed', 'sending')")
    assert waiting[0]["letters"] > WAITING / 2
    service.rows("UPDATE delivery SET state = 'dropped' WHERE state = 'owed' RETURNING id")
    service.rows("DELETE FROM procrastinate_jobs WHERE task_name = 'send' AND status = 'todo' RETURNING id")
    check(service, ledger, unsent=("dropped",))
