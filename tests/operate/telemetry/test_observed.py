"""What a process says of itself: log lines and figures, each with its id and nobody's words."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from errno import ENOSPC
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
import structlog
from fastapi import FastAPI
from prometheus_client import REGISTRY
from sqlalchemy import text
from starlette.testclient import TestClient

from nerirepo.database import jobs
from nerirepo.database.db import transaction
from operate.telemetry import logs
from operate.telemetry.backlog import BacklogFigures, backlog
from operate.telemetry.observed import HEADER, Observed

CANARY = "hanako.canary@example.jp"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Call it for what has been logged since, as it is written into a file."""
    stream = StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    handlers, level = logging.root.handlers[:], logging.root.level
    logs.configure("test")
    monkeypatch.setattr(logging.getLogger("httpx2"), "level", logging.WARNING)  # the test's own client
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.basicConfig(level=level, handlers=handlers or [logging.NullHandler()], force=True)
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.get("/letters/{token}")
    def letter(token: str) -> str:
        logging.getLogger("app").info("looked at a letter")
        return token

    @app.get("/broken")
    def broken() -> None:
        try:
            raise ValueError(f"inner words of {CANARY}")
        except ValueError as inner:
            raise RuntimeError(f"no letter for {CANARY}") from inner

    return TestClient(Observed(app), raise_server_exceptions=False)


def test_a_request_s_lines_carry_its_id_and_its_route_and_never_its_path(client, log):
    answer = client.get(f"/letters/secret-token?who={CANARY}")
    inner, request = (each for each in log() if each["logger"] in ("app", "operate.telemetry.observed"))
    assert inner["request_id"] == request["request_id"] == answer.headers[HEADER]
    assert (request["status"], request["process"]) == (200, "test")
    assert request["route"].endswith("letter")
    assert "secret-token" not in str(log())
    assert CANARY not in str(log())


def test_a_client_may_bring_the_id_and_nothing_else_in_it(client, log):
    mine = str(uuid4())
    assert client.get("/letters/a", headers={HEADER: mine}).headers[HEADER] == mine
    assert client.get("/letters/a", headers={HEADER: "hanako-was-here"}).headers[HEADER] != "hanako-was-here"
    assert "hanako" not in str(log())


def test_a_fault_tells_its_kinds_and_places_and_not_its_words(client, log):
    assert client.get("/broken").status_code == 500
    (fault,) = [each for each in log() if "exception" in each]
    kinds = [line for line in fault["exception"] if not line.startswith(" ")]
    assert kinds == ["builtins.RuntimeError", "builtins.ValueError"]
    assert any("broken" in line for line in fault["exception"])
    assert CANARY not in str(log())


def test_on_a_terminal_a_fault_is_readable_and_still_without_its_words(client, log, monkeypatch):
    stream = StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("test")
    assert client.get("/broken").status_code == 500
    assert "\nbuiltins.ValueError\n" in stream.getvalue()
    assert "a fault of ours" in stream.getvalue()
    assert CANARY not in stream.getvalue()


def test_a_log_that_cannot_be_written_stops_nobody(log, monkeypatch):
    class Full(StringIO):
        def write(self, _: str) -> int:
            raise OSError(ENOSPC, "no space left")

    monkeypatch.setattr("sys.stderr", Full())
    logs.configure("test")
    for logger in (structlog.get_logger("ours"), logging.getLogger("theirs")):
        logger.info("lost")


@pytest.mark.usefixtures("database")
def test_what_the_database_refuses_is_told_by_its_code_and_constraint(log):
    insert = text(
        "INSERT INTO challenge (id, email, locale, created_at, expires_at, tries)"
        " VALUES (:id, :email, 'ja', now(), now(), 0)"
    )
    given = {"id": uuid4(), "email": CANARY}
    try:
        with transaction() as session:
            session.execute(insert, given)
            session.execute(insert, given)
    except Exception:
        logging.getLogger("app").exception("refused for %s", CANARY)
    (refused,) = log()
    assert "sqlstate=23505 constraint=challenge_pkey" in str(refused["exception"])
    assert refused["event"] == "refused for (address)"
    assert CANARY not in str(refused)


def test_requests_are_counted_by_route_and_status(client):
    def counted(route: str, status: str) -> float:
        found = [
            sample.value
            for metric in REGISTRY.collect()
            for sample in metric.samples
            if sample.name == "nerirepo_requests_total"
            and sample.labels["route"].endswith(route)
            and sample.labels["status"] == status
        ]
        return sum(found)

    before = counted("letter", "200"), counted("unknown", "404")
    client.get("/letters/a")
    client.get("/letters/b")
    client.get("/no/such/path")
    assert (counted("letter", "200") - before[0], counted("unknown", "404") - before[1]) == (2, 1)


def figures() -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels.get("job", "")): sample.value
        for metric in BacklogFigures().collect()
        for sample in metric.samples
    }


@pytest.mark.usefixtures("database")
def test_the_backlog_tells_what_waits_and_for_how_long():
    assert backlog().queue == {}
    with transaction() as session:
        for _ in range(3):
            jobs.enqueue(session, jobs.PUBLISH, report_id=str(uuid4()))
        session.execute(text("UPDATE jobs.procrastinate_events SET at = at - interval '1 hour'"))
    waiting = backlog().queue["publish"]
    assert waiting.length == 3
    assert 3600 <= waiting.oldest.total_seconds() < 3700
    assert figures()["nerirepo_queue_length", "publish"] == 3
    assert figures()["nerirepo_database_up", ""] == 1


@pytest.mark.usefixtures("database")
def test_a_worker_s_lines_carry_the_job(log):
    from workers.observed import observed

    class Context:
        class job:
            task_name, id, attempts = "publish", 7, 0

    async def fails() -> None:
        raise ValueError(CANARY)

    with pytest.raises(ValueError, match="canary"):
        asyncio.run(observed(fails, Context, None))  # type: ignore[arg-type]
    (line,) = log()
    assert (line["job"], line["job_id"], line["outcome"]) == ("publish", 7, "failed")
    assert CANARY not in str(line)
