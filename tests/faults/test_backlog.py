"""Stories of letters and photos that wait in thousands, and of one that somebody waits for."""

import os
import time

import pytest

from tests.faults.checker import check
from tests.faults.figures import note
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.service import PATIENCE, Service, eventually

pytestmark = pytest.mark.long

LETTERS = int(os.environ.get("FAULTS_BACKLOG", "3000"))
"""The full measure is 100,000."""
PHOTOS = LETTERS // 10
URGENT_WITHIN = PATIENCE / 2
"""Seconds: 30 on a machine that carries one service."""


def test_who_signs_in_does_not_wait_behind_thousands_of_letters_and_photos(
    service: Service, ledger: Ledger
) -> None:
    phone = Phone(service, ledger, "first")
    (photo_id, _), *_ = phone.post(photos=1)["photos"]
    check(service, ledger)
    owe_letters(service, next(iter(ledger.receipts)))
    owe_photos(service, photo_id)
    began = time.monotonic()
    Phone(service, ledger, "second", within=URGENT_WITHIN)  # its code has come when this returns
    waited, left = time.monotonic() - began, waiting(service)
    note(urgent_after=round(waited, 1), waiting=left)
    assert left["letters"] > LETTERS / 2
    assert left["photos"] > PHOTOS / 2

    # It is work that is seen to go on, and not all of it has to be waited for.
    eventually(lambda: waiting(service)["letters"] < left["letters"], "letters leave")
    eventually(lambda: waiting(service)["photos"] < left["photos"], "photos are made")
    service.rows("UPDATE delivery SET state = 'dropped' WHERE state = 'owed' RETURNING id")
    service.rows("DELETE FROM photo WHERE state = 'received' RETURNING id")
    service.rows(
        "DELETE FROM procrastinate_jobs WHERE task_name IN ('send', 'process_photo')"
        " AND status = 'todo' RETURNING id"
    )
    check(service, ledger, unsent=("dropped",))


def owe_letters(service: Service, report_id: str) -> None:
    """As many copies of the letter to the department, to other addresses."""
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
        LETTERS,
        report_id,
    )


def owe_photos(service: Service, photo_id: str) -> None:
    """As many copies of a photo, as they are when their bytes have just come."""
    copies = service.rows(
        """
        WITH copy AS (
            INSERT INTO photo (id, owner_kind, owner_id, sha256, bytes, content_type, state, renditions,
                announced_at, received_at)
            SELECT gen_random_uuid(), owner_kind, owner_id, sha256, bytes, content_type, 'received', '{}',
                now(), now()
            FROM photo, generate_series(1, %s) WHERE id::text = %s RETURNING id
        ), asked AS (
            INSERT INTO procrastinate_jobs (queue_name, task_name, args)
            SELECT 'pictures', 'process_photo', jsonb_build_object('photo_id', id) FROM copy
        )
        SELECT id::text FROM copy
        """,
        PHOTOS,
        photo_id,
    )
    store, bucket = service.store(), "nerirepo-private"
    original = store.get_object(Bucket=bucket, Key=f"photos/{photo_id}/original")["Body"].read()
    for row in copies:
        store.put_object(Bucket=bucket, Key=f"photos/{row['id']}/original", Body=original)


def waiting(service: Service) -> dict[str, int]:
    (found,) = service.rows(
        """
        SELECT (SELECT count(*) FROM delivery WHERE state IN ('owed', 'sending')) AS letters,
            (SELECT count(*) FROM photo WHERE state = 'received') AS photos
        """
    )
    return found
