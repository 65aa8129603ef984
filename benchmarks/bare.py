"""What does the database alone need for a request? The statements that it sends, under pgbench."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import psycopg
from starlette.testclient import TestClient

from benchmarks import cost
from benchmarks.ask import AT_ONCE, Request
from nerirepo.base.settings import settings
from operate.embedded.postgres import _programs

Sent = tuple[str, Any, bool]
"""A statement, its values, and whether it stands in a transaction."""

_RATE = re.compile(r"tps = ([\d.]+)")
_MADE = re.compile(r"transactions actually processed: (\d+)")
_COMMENT = re.compile(r"--[^\n]*")
_NEW_ID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")
_NEW_NUMBER = re.compile(r"(?<=NR-\d{4}-)\d{6,}")


@dataclass(frozen=True)
class Bare:
    """What the database alone needs for a request: requests a second, statements, seconds of a processor."""

    rate: float
    statements: float
    cpu: float


def measure(
    client: TestClient, requests: list[Request], seconds: float, stays: frozenset[UUID], postmaster: int
) -> Bare:
    """Each request is made once, in this process. Ids in its statements that were made by clients are drawn
    anew by pgbench each time, but for those in `stays`."""
    scripts = [_script(_sent_for(client, each), stays) for each in requests]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for position, script in enumerate(scripts):
            file = Path(folder) / f"{position}.sql"
            file.write_text(script.text)
            files += ["-f", str(file)]
        command = [str(_programs() / "pgbench"), "-n", "-M", "simple"]
        command += ["-c", str(AT_ONCE), "-j", "2", "-T", str(max(int(seconds), 1))]
        with cost.measured([], postmaster) as used:
            done = subprocess.run(
                [*command, *files, settings().database_url],
                env=os.environ | {"PGOPTIONS": "-c search_path=public,jobs"},
                capture_output=True,
                text=True,
            )
    rate, made = _RATE.search(done.stdout), _MADE.search(done.stdout)
    if done.returncode or not rate or not made or "ERROR" in done.stderr:
        raise RuntimeError(f"pgbench: {done.stdout}{done.stderr[:2000]}")
    statements = sum(each.statements for each in scripts) / len(scripts)
    return Bare(float(rate[1]), statements, used.database / int(made[1]))


@dataclass(frozen=True)
class _Script:
    text: str
    statements: int


def _sent_for(client: TestClient, request: Request) -> list[Sent]:
    with _noted() as sent:
        answer = client.request(request.method, request.path, headers=request.headers, content=request.body)
    if answer.status_code not in (200, 201):
        raise RuntimeError(f"{answer.status_code}: {answer.text[:500]}")
    return sent


def _script(sent: list[Sent], stays: frozenset[UUID]) -> _Script:
    lines, is_open = [], False
    with psycopg.connect(settings().database_url) as connection:
        cursor = psycopg.ClientCursor(connection)
        for statement, values, in_transaction in sent:
            if in_transaction is not is_open:
                lines.append("BEGIN" if in_transaction else "COMMIT")
                is_open = in_transaction
            lines.append(" ".join(cursor.mogrify(_COMMENT.sub("", statement).encode(), values).split()))
    if is_open:
        lines.append("COMMIT")
    text = "".join(f"{line};\n" for line in lines)
    new = sorted({UUID(each) for each in _NEW_ID.findall(text)} - stays)
    for position, each in enumerate(new):
        for written in (str(each), each.hex):
            text = text.replace(written, f"01900000-0000-7000-8000-:id{position}")
    draws = [f"\\set id{position} random(100000000000, 999999999999)\n" for position in range(len(new))]
    draws.append("\\set number random(1000000000, 9999999999)\n")
    return _Script("".join(draws) + _NEW_NUMBER.sub(":number", text), len(sent))


@contextmanager
def _noted() -> Iterator[list[Sent]]:
    """What this process sends to the database meanwhile, the queue's statements too."""
    sent: list[Sent] = []

    def noting(execute: Any) -> Any:
        def noted(cursor: Any, statement: Any, values: Any = None, **options: Any) -> Any:
            written = statement if isinstance(statement, str) else statement.as_string(cursor)
            sent.append((written, values, not cursor.connection.autocommit))
            return execute(cursor, statement, values, **options)

        return noted

    with ExitStack() as stack:
        for kind in (psycopg.Cursor, psycopg.AsyncCursor):
            stack.enter_context(patch.object(kind, "execute", noting(kind.execute)))
        yield sent
