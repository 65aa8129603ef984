"""The service under test: real processes of `nerirepo up` in a folder of their own, and how to hurt them."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import httpx2
import psycopg
from botocore.config import Config
from psycopg.rows import dict_row

from operate.embedded import postgres
from operate.supervising.process import free_port
from tests.faults.pace import SHARES
from tests.faults.post_office import PostOffice

INSIDE = Path(__file__).parent / "inside"
CHECKOUT = Path(__file__).parents[2]
PATIENCE = float(os.environ.get("FAULTS_PATIENCE", 60 * SHARES))
"""Seconds. Recovery within 60 is what we promise; a machine that carries several services at once, or is busy
with other things, gets more."""

PARTS = {
    "site": ("operate", "site"),
    "worker": ("operate", "worker"),
    "postgres": ("/bin/postgres", "-D"),
    "store": ("rclone", "serve"),
}


def eventually(what: Callable[[], Any], why: str, seconds: float = PATIENCE) -> Any:
    """Poll until `what()` is true; returns it."""
    deadline = time.monotonic() + seconds
    while True:
        if found := what():
            return found
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {why}"
        time.sleep(0.1)


@contextmanager
def again_and_again(work: Callable[[], Any], seconds: float = 0.1) -> Iterator[None]:
    """In the background, with so many seconds between, for the length of the block."""
    over = threading.Event()

    def repeat() -> None:
        while not over.is_set():
            work()
            over.wait(seconds)

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Service:
    """A running service. `post_office` is its mail server; `first_accounts` of `up` are its staff."""

    def __init__(self, folder: Path, post_office: PostOffice, environment: dict[str, str]) -> None:
        self.home, self.faults = folder / "home", folder / "faults"
        self.post_office = post_office
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.staff_tokens: dict[int, str] = {}
        self.faults.mkdir()
        self.faults.chmod(0o777)  # the service may be another user
        ours = {name: value for name, value in os.environ.items() if not name.startswith("NERIREPO_")}
        self.environment = ours | {
            "NERIREPO_HOME": str(self.home),
            "NERIREPO_SMTP_URL": post_office.url,
            "NERIREPO_SMTP_IS_SINK": "true",
            # Its residents are new, and post all the time.
            "NERIREPO_REPORTS_PER_HOUR_OF_NEW": "100000",
            "NERIREPO_REPORTS_PER_DAY_OF_NEW": "100000",
            "NERIREPO_REPORTS_PER_HOUR": "100000",
            "NERIREPO_FAULTS": str(self.faults),
            "PYTHONPATH": f"{INSIDE}:{CHECKOUT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        }

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "operate", "up", "--empty", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = []
        assert self.process.stdout
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("ready"):
                return
        raise AssertionError("it ended without being ready:\n" + "".join(said))

    def stop(self) -> None:
        """All of it; what was frozen is thawed, so that it can end."""
        for part in PARTS:
            self.strike(part, signal.SIGCONT)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()

    # --- hurting it ---------------------------------------------------------------------------------

    def at(self, point: str, what: str = "kill") -> Callable[[], bool]:
        """Let `what` happen at a point of `inside/sitecustomize.py`; returns whether it has happened."""
        done = self.faults / f"{point}.done"
        done.unlink(missing_ok=True)
        unfinished = self.faults / ".unfinished"
        unfinished.write_text(what)
        unfinished.chmod(0o666)
        unfinished.rename(self.faults / point)
        return done.exists

    def heal(self, point: str) -> None:
        """Take back an `always`."""
        (self.faults / point).unlink(missing_ok=True)

    def set_clock(self, process: str, *, hours: float) -> None:
        """The clock of all processes of this name (`site`, `worker`, `second-worker`) is wrong by so much."""
        file = self.faults / f"{process}.clock"
        file.with_suffix(".unfinished").write_text(str(hours * 3600))
        file.with_suffix(".unfinished").rename(file)

    @contextmanager
    def restarted_at_once(self) -> Iterator[None]:
        """The supervisor does not wait longer before each next start: for cases that kill many times."""
        mark = self.faults / "up.without_pauses"
        mark.touch()
        try:
            yield
        finally:
            mark.unlink()

    def pids(self, part: str) -> list[int]:
        """The processes of a part that run now, of this service only."""
        found = []
        for each in Path("/proc").glob("[0-9]*"):
            try:
                words = (each / "cmdline").read_bytes().decode(errors="replace").split("\0")
                parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == self.process.pid and _is(words, PARTS[part]):
                found.append(int(each.name))
        return found

    def strike(self, part: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send every process of a part a signal; how many there were."""
        pids = self.pids(part)
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        return len(pids)

    @contextmanager
    def down(self, part: str, number: signal.Signals = signal.SIGKILL) -> Iterator[None]:
        """Keep a part from coming back for the length of the block: it is stopped as soon as it appears."""
        with again_and_again(lambda: self.strike(part, number)):
            yield

    # --- looking at it ------------------------------------------------------------------------------

    def is_well(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """The service's database, as its superuser."""
        url = postgres.url(self.home / "postgres", postgres.SUPERUSER, postgres.DATABASE)
        with psycopg.connect(
            url,
            autocommit=True,
            row_factory=dict_row,
            connect_timeout=5,
            options="-c search_path=public,jobs",
        ) as connection:
            yield connection

    def store(self) -> Any:
        """An S3 client of the service's store."""
        found = self.variables()
        return boto3.Session().client(
            "s3",
            endpoint_url=found["NERIREPO_S3_ENDPOINT"],
            region_name="ap-northeast-1",
            aws_access_key_id=found["NERIREPO_S3_ACCESS_KEY"],
            aws_secret_access_key=found["NERIREPO_S3_SECRET_KEY"],
            config=Config(request_checksum_calculation="when_required"),
        )

    def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        with self.database() as database:
            return database.execute(statement.encode(), values).fetchall()

    def being_sent(self) -> set[str]:
        """The letters that somebody has claimed and not settled."""
        return {row["id"] for row in self.rows("SELECT id::text FROM delivery WHERE state = 'sending'")}

    def variables(self) -> dict[str, str]:
        return json.loads((self.home / "run" / "parts.json").read_text())

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the CLI beside the running service."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "operate", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    @contextmanager
    def second_worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """One more worker on the same database and store."""
        with (self.home / "log" / "second-worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-P", "-m", "operate", "worker"],
                env=self.environment
                | self.variables()
                | {"NERIREPO_BASE_URL": self.url, "FAULTS_AS": "second-worker"},
                stdout=log,
                stderr=log,
            )
        try:
            yield worker
        finally:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
            try:
                worker.wait(30)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def _is(words: list[str], mark: tuple[str, ...]) -> bool:
    return any(
        all(word.endswith(sign) for word, sign in zip(words[start:], mark, strict=False))
        for start in range(len(words) - len(mark) + 1)
    )


@contextmanager
def running(folder: Path | None = None, **environment: str) -> Iterator[Service]:
    """A service from its start on, with an empty database; `environment` is added to its variables."""
    with tempfile.TemporaryDirectory(prefix="nerirepo-faults-") as own, PostOffice() as post_office:
        Path(own).chmod(0o755)
        service = Service(folder or Path(own), post_office, environment)
        try:
            service.start()
            yield service
        finally:
            service.stop()
