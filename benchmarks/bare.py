"""What does the database alone need for a page? The statements that it sends, under pgbench."""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import event
from sqlmodel import Session

from benchmarks.ask import AT_ONCE
from nerirepo.db import public_engine, public_reading
from nerirepo.settings import settings
from operate.embedded.postgres import _programs

_RATE = re.compile(r"tps = ([\d.]+)")


def rate(questions: list[Callable[[Session], object]], seconds: float) -> float:
    """Pages a second that the database could answer, if nothing else took time."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for position, question in enumerate(questions):
            file = Path(folder) / f"{position}.sql"
            file.write_text(";\n".join(_statements(question)) + ";\n")
            files += ["-f", str(file)]
        command = [
            str(_programs() / "pgbench"),
            "-n",
            "-M",
            "simple",
            "-c",
            str(AT_ONCE),
            "-T",
            str(max(int(seconds), 1)),
        ]
        done = subprocess.run(
            [*command, *files, settings().public_database_url], capture_output=True, text=True, check=True
        )
    found = _RATE.search(done.stdout)
    assert found, done.stdout
    return float(found[1])


def _statements(question: Callable[[Session], object]) -> list[str]:
    with _sent() as sent, public_reading() as session:
        question(session)
    with psycopg.connect(settings().public_database_url) as connection:
        cursor = psycopg.ClientCursor(connection)
        return [" ".join(cursor.mogrify(statement, values).split()) for statement, values in sent]


@contextmanager
def _sent() -> Iterator[list[tuple[str, dict]]]:
    sent: list[tuple[str, dict]] = []

    def note(*arguments: object) -> None:
        sent.append((str(arguments[2]), arguments[3]))  # type: ignore[arg-type]

    event.listen(public_engine(), "before_cursor_execute", note)
    yield sent
    event.remove(public_engine(), "before_cursor_execute", note)
