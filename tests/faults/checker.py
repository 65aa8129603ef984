"""One checker behind every case: does what stands agree with what clients were told?"""

import hashlib
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Iterator

import httpx2
import psycopg

from tests.faults.figures import note
from tests.faults.ledger import Ledger
from tests.faults.letters import letters, tried
from tests.faults.service import PATIENCE, Service, eventually

UNSETTLED = """
    SELECT 'letter ' || template || ' ' || state AS what FROM delivery WHERE state IN ('owed', 'sending')
    UNION ALL SELECT 'photo ' || id FROM photo WHERE state = 'received'
    UNION ALL SELECT 'job ' || task_name || ' ' || status FROM procrastinate_jobs
        WHERE status IN ('todo', 'doing') AND task_name NOT IN ('sweep', 'expire', 'digest')
"""


class Violated(AssertionError):
    """The service has not kept its word; the message says where."""


def settle(service: Service, seconds: float = PATIENCE) -> None:
    """Wait until nothing is left to do, without a hand: the recovery itself is under test."""

    def left() -> list[str]:
        try:
            with service.database() as database:
                rows = database.execute(UNSETTLED).fetchall()
        except psycopg.Error as fault:
            return [f"the database: {fault}"]
        return [str(row["what"]) for row in rows]

    def is_settled() -> bool:
        return not left() and service.is_well()

    try:
        eventually(is_settled, "nothing left to do", seconds)
    except AssertionError:
        raise Violated(f"after {seconds:.0f} s there is left: {Counter(left()).most_common(10)}") from None


def check(
    service: Service, ledger: Ledger, *, seconds: float = PATIENCE, unsent: tuple[str, ...] = ()
) -> None:
    """Settle within `seconds` after the last fault, then compare.

    `unsent`: states in which letters may end beside sent. Raises `Violated` with the first dozen violations.
    """
    since = ledger.unhurt_since or time.monotonic()
    settle(service, since + seconds - time.monotonic())
    note(recovered_after=round(time.monotonic() - since, 1), **ledger.figures())
    found = [*ledger.violations]
    for each in (_reports, _actions, _versions, _photos, _publication):
        found += each(service, ledger)
    found += letters(service, ledger, {"sent", *unsent})
    if found:
        raise Violated("\n".join(found[:12]))


def _reports(service: Service, ledger: Ledger) -> Iterator[str]:
    """What was acknowledged is there, once, with its receipt, and its sender can read it."""
    standing = {
        str(row["report_id"]): row
        for row in tried(
            service,
            ledger,
            """
            SELECT submission.report_id, receipt, number, count(event.id) AS taken_in
            FROM report_submission AS submission
            LEFT JOIN report ON report.id = submission.report_id
            LEFT JOIN report_event AS event ON event.report_id = report.id AND event.kind = 'submit'
            WHERE submission.report_id::text = ANY(%s) GROUP BY 1, 2, 3
            """,
        )
    }
    for report_id, row in standing.items():
        if row["taken_in"] != 1:
            yield f"report {report_id} was taken in {row['taken_in']} times"
    with httpx2.Client(base_url=service.url, timeout=30) as http:
        for report_id, receipt in ledger.receipts.items():
            row = standing.get(report_id)
            if row is None:
                yield f"report {report_id} was acknowledged and is lost"
            elif row["receipt"] != receipt or row["number"] != receipt["number"]:
                yield f"report {report_id} has another receipt than was given"
            else:
                answer = http.get(f"/v1/reports/{report_id}", headers=ledger.owners[report_id])
                if answer.status_code != 200:
                    yield f"report {report_id} cannot be read by its sender: {answer.status_code}"
    numbers = Counter(row["number"] for row in service.rows("SELECT number FROM report"))
    yield from (f"number {number} was given {times} times" for number, times in numbers.items() if times > 1)


def _actions(service: Service, ledger: Ledger) -> Iterator[str]:
    """An action that was accepted stands once, and nobody's went on top of what they had not seen."""
    standing = {
        str(row["action_id"]): row
        for row in tried(
            service,
            ledger,
            """
            SELECT action_id, action.report_id, action.version, event_seq, kind
            FROM staff_action AS action LEFT JOIN report_event AS event ON event.seq = event_seq
            WHERE action.report_id::text = ANY(%s)
            """,
        )
    }
    for action_id, told in ledger.actions.items():
        row = standing.get(action_id)
        if row is None:
            yield f"action {action_id} was acknowledged and is lost"
        elif (str(row["report_id"]), row["kind"], row["version"], row["event_seq"]) != (
            told.report_id,
            told.action,
            told.version,
            told.event_seq,
        ):
            yield f"action {action_id} stands as {row}, and {told} was told"
    events = tried(
        service,
        ledger,
        """
        SELECT count(*) AS events, count(DISTINCT event_seq) AS acted FROM report_event AS event
        LEFT JOIN staff_action ON event_seq = event.seq
        WHERE event.report_id::text = ANY(%s) AND actor_kind = 'member'
        """,
    )
    if events[0]["events"] != events[0]["acted"]:
        yield f"there are {events[0]['events']} lines of staff, and {events[0]['acted']} actions"


def _versions(service: Service, ledger: Ledger) -> Iterator[str]:
    """The versions of a report are 1..n, in the order of its history."""
    versions: dict[str, list[int]] = defaultdict(list)
    reports = {}
    for row in tried(
        service,
        ledger,
        """
        SELECT report.id, report.version AS now, event.version FROM report
        JOIN report_event AS event ON event.report_id = report.id
        WHERE report.id::text = ANY(%s) ORDER BY event.seq
        """,
    ):
        versions[str(row["id"])].append(row["version"])
        reports[str(row["id"])] = row["now"]
    for report_id, seen in versions.items():
        steps = [b - a for a, b in itertools.pairwise(seen)]
        if seen[0] != 1 or seen[-1] != reports[report_id] or any(step not in (0, 1) for step in steps):
            yield f"report {report_id} has the versions {seen} and stands at {reports[report_id]}"


def _photos(service: Service, ledger: Ledger) -> Iterator[str]:
    """A photo that a phone may delete is here, whole."""
    rows = service.rows(
        "SELECT id::text, state, sha256 FROM photo WHERE id::text = ANY(%s)", [*ledger.photos]
    )
    standing = {row["id"]: row for row in rows}
    for photo_id, sha256 in ledger.photos.items():
        row = standing.get(photo_id)
        if row is None or row["state"] != "ready" or row["sha256"] != sha256:
            yield f"photo {photo_id} was acknowledged and is {row and row['state']}"


def _publication(service: Service, ledger: Ledger) -> Iterator[str]:
    """What is public is published as it is now, and each picture downloads and is itself."""
    for row in tried(
        service,
        ledger,
        """
        SELECT report.id, report.status, copy.status AS shown FROM report
        LEFT JOIN published.report AS copy ON copy.id = report.id
        WHERE report.id::text = ANY(%s) AND visibility = 'public'
            AND report.status IS DISTINCT FROM copy.status
        """,
    ):
        yield f"report {row['id']} is {row['status']} and shown as {row['shown']}"
    cleared = tried(
        service,
        ledger,
        """
        SELECT report.id, count(DISTINCT shown.photo_id) AS cleared, jsonb_array_length(copy.photos) AS shown
        FROM report JOIN published.report AS copy ON copy.id = report.id
        JOIN report_photo AS shown ON shown.report_id = report.id AND shown.is_cleared
        JOIN photo ON photo.id = shown.photo_id AND photo.state = 'ready'
        WHERE report.id::text = ANY(%s) AND visibility = 'public' GROUP BY report.id, copy.photos
        """,
    )
    for row in cleared:
        if row["cleared"] != row["shown"]:
            yield f"report {row['id']} shows {row['shown']} of {row['cleared']} photos"
    media = tried(service, ledger, "SELECT key, sha256 FROM published.media WHERE report_id::text = ANY(%s)")
    with httpx2.Client(base_url=service.url, timeout=30) as http:
        for row in media:
            answer = http.get(f"/media/{row['key']}")
            if answer.status_code != 200:
                yield f"picture {row['key']} answers {answer.status_code}"
            elif hashlib.sha256(answer.content).hexdigest() != row["sha256"]:
                yield f"picture {row['key']} is not what was published"
