"""Does each event have its letters, does each end, once, in order, and is none about nothing?"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from nerirepo.notifications.recipients import DEPARTMENT_HEARS, REPORTER_HEARS
from tests.faults.ledger import Ledger
from tests.faults.post_office import Taken
from tests.faults.service import Service


def letters(service: Service, ledger: Ledger, ends: set[str]) -> Iterator[str]:
    """Each event has its letters, each ends, once, in order, and no letter is about nothing."""
    taken = list(service.post_office.taken)
    rows = service.rows(
        """
        SELECT delivery.id::text, delivery.seq, delivery.state, delivery.report_id::text, recipient_kind,
            recipient_id, cause_kind, cause_id, event.kind
        FROM delivery LEFT JOIN report_event AS event ON event.id::text = cause_id
        """
    )
    by_id = {row["id"]: row for row in rows}
    yield from _causes(by_id, taken)
    ours = [row for row in rows if row["report_id"] in ledger.tried]
    yield from _owed(service, ledger, ours)
    copies = Counter(each.message_id.partition("@")[0] for each in taken)
    for row in ours:
        if row["state"] not in ends:
            yield f"a letter about {row['kind']} ended as {row['state']}"
        if row["state"] == "sent" and not copies[row["id"]]:
            yield f"a letter about {row['kind']} counts as sent and nobody got it"
        if copies[row["id"]] > 1 and row["id"] not in ledger.letters_hit:
            yield f"a letter about {row['kind']} came {copies[row['id']]} times, and no fault had hit it"
    yield from _order(ours, taken)


def _causes(by_id: dict[str, dict[str, Any]], taken: list[Taken]) -> Iterator[str]:
    for each in taken:
        row = by_id.get(each.message_id.partition("@")[0])
        if row is None or (row["cause_kind"] == "event" and row["kind"] is None):
            yield f"a letter came that nothing committed has caused: {each.message['Subject']}"


def _owed(service: Service, ledger: Ledger, letters: list[dict[str, Any]]) -> Iterator[str]:
    written = {(row["cause_id"], row["recipient_kind"]) for row in letters}
    if len(written) != len(letters):
        yield "an event has two letters to one recipient"
    for event in tried(
        service,
        ledger,
        """
        SELECT event.id::text, kind, digest FROM report_event AS event
        JOIN report ON report.id = event.report_id JOIN department ON code = department_code
        WHERE report.id::text = ANY(%s)
        """,
    ):
        if event["kind"] in REPORTER_HEARS and (event["id"], "reporter") not in written:
            yield f"nobody has told the reporter of {event['kind']}"
        comes_to_department = event["kind"] in DEPARTMENT_HEARS and not event["digest"]
        if comes_to_department and (event["id"], "department") not in written:
            yield f"nobody has told the department of {event['kind']}"


def _order(letters: list[dict[str, Any]], taken: list[Taken]) -> Iterator[str]:
    came: dict[str, float] = {}
    for each in taken:
        came.setdefault(each.message_id.partition("@")[0], each.at)
    threads: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in letters:
        if row["id"] in came:
            threads[row["report_id"], row["recipient_kind"], row["recipient_id"]].append(row)
    for (report_id, _, _), row in threads.items():
        owed = sorted(row, key=lambda each: each["seq"])
        if (arrived := sorted(owed, key=lambda each: came[each["id"]])) != owed:
            yield f"letters about {report_id} came as {[each['kind'] for each in arrived]}"


def tried(service: Service, ledger: Ledger, statement: str) -> list[dict[str, Any]]:
    return service.rows(statement, list(ledger.tried))
