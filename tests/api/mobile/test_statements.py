"""How many questions a request asks of the database is exact, so it is asserted; seconds never are."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.testclient import TestClient
from sqlalchemy import event

from nerirepo import db
from nerirepo.ids import uuid7
from tests.factories import a_reporter, send_photo, send_report


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that go to the service's own engine in the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


AT_MOST_FOR_A_REPORT = 14
"""And the insert of a job, which does not pass by here. Elsewhere the same takes 47."""


def test_a_report_is_taken_in_with_few_statements(client: TestClient) -> None:
    hanako = a_reporter()
    photo_id = send_photo(client, hanako)
    with counted() as statements:
        assert send_report(client, hanako, photo_ids=[photo_id]).status_code == 201
    assert len(statements) <= AT_MOST_FOR_A_REPORT


def test_a_repeat_costs_less(client: TestClient) -> None:
    hanako, report_id = a_reporter(), uuid7()
    send_report(client, hanako, report_id)
    with counted() as statements:
        send_report(client, hanako, report_id)
    assert len(statements) <= 8
