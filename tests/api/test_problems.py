"""Errors are honest: nothing is acknowledged that is not written, and nothing leaks."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlmodel import func, select

from nerirepo.database import db
from nerirepo.reports.tables import Report
from tests.factories import a_reporter, send_report
from tests.support.statements import statements_that_raise


@pytest.fixture
def commit_that_fails(database: object) -> Iterator[None]:
    """A constraint that is checked at the commit, and fails."""
    with db.transaction() as session:
        session.execute(
            text(
                "CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$"
                " BEGIN RAISE EXCEPTION 'this commit fails'; END $$"
            )
        )
        session.execute(
            text(
                "CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON report DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION fail_at_commit()"
            )
        )
    yield
    with db.transaction() as session:
        session.execute(text("DROP TRIGGER fails ON report"))
        session.execute(text("DROP FUNCTION fail_at_commit"))


def test_a_commit_that_fails_is_an_error_and_not_a_lost_201(
    client: TestClient, commit_that_fails: None
) -> None:
    answer = send_report(client, a_reporter())
    assert answer.status_code >= 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["retryable"] is True
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(Report)).one() == 0


def test_a_pool_without_connections_says_when_to_come_back(
    client: TestClient,
) -> None:
    hanako = a_reporter()
    with statements_that_raise(PoolExhausted("no connection")):
        answer = send_report(client, hanako)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/reports/NR-2026-999999", "/v1/reports/%00", "/staff/x"])
def test_what_is_not_there_is_a_problem_too(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"]


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/v1/service", "/v1/nothing", "/health/live"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"


def test_errors_speak_the_callers_language(client: TestClient) -> None:
    answers = {
        language: client.get("/v1/me", headers={"Accept-Language": language}).json()["detail"]
        for language in ("ja", "en")
    }
    assert answers["ja"] != answers["en"]
