"""A standard cache in front of the site, Debian's nginx with the file that docs/ recommend; no database."""

import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
import uvicorn

from nerirepo.database.db import engine, public_engine, transaction
from nerirepo.migrations import migrate
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import PhotoRole, Report
from operate.embedded import postgres
from operate.serving.front import create_front
from operate.supervising.process import free_port
from operate.ward import seed
from tests.conftest import _forget_engines
from tests.factories.public_reports import add_photo, add_report, publish_now

pytestmark = pytest.mark.long

CHECKOUT = Path(__file__).parents[2]
NGINX = CHECKOUT / ".venv" / "nginx" / "usr" / "sbin" / "nginx"
PATIENCE = 120
"""Seconds: a page is fresh for 30."""


class Server(uvicorn.Server):
    def install_signal_handlers(self) -> None: ...


@contextmanager
def site() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(uvicorn.Config(create_front(), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


@contextmanager
def cache(folder: Path, behind: int) -> Iterator[str]:
    """Its address. The recommended file, but for ports and folders."""
    port = free_port()
    ours = (CHECKOUT / "docs" / "nginx.conf").read_text()
    for recommended, here in (
        ("/var/cache/nginx/nerirepo", f"{folder}/cache"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("listen 80 default_server;", f"listen 127.0.0.1:{port} default_server;"),
        ("server_name nerirepo.example.jp;", "server_name 127.0.0.1;"),
        ("/var/log/nginx/nerirepo.log", f"{folder}/errors"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{behind}"),
    ):
        assert recommended in ours
        ours = ours.replace(recommended, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}"
        f" http {{ access_log off; {temporary}\n{ours}\n}}"
    )
    process = subprocess.Popen([NGINX, "-p", folder, "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"])
    try:
        eventually(lambda: is_listening(port), "nginx listens")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def eventually(what: Callable[[], bool], why: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {why}"
        time.sleep(0.2)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nerirepo-cache-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def a_report() -> Report:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
        add_photo(session, report, role=PhotoRole.AFTER, position=1)
    publish_now(report.id)
    return report


@pytest.fixture
def other_database(storage: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a database that may be stopped; the settings lead to it."""
    place = folder / "postgres"
    monkeypatch.setenv("NERIREPO_DATABASE_URL", postgres.url(place))
    monkeypatch.setenv("NERIREPO_PUBLIC_DATABASE_URL", postgres.url(place, postgres.READER))
    _forget_engines()
    yield place
    engine().dispose()
    public_engine().dispose()
    monkeypatch.undo()
    _forget_engines()


def test_the_site_stays_readable_behind_a_cache_while_the_database_is_away(
    other_database: Path, folder: Path
) -> None:
    with ExitStack() as stack:
        with ExitStack() as database:
            database.enter_context(postgres.running(other_database))
            migrate.upgrade()
            seed.load_ward()
            report = a_report()
            address = stack.enter_context(cache(folder, behind=stack.enter_context(site())))
            reader = stack.enter_context(httpx2.Client(base_url=address, timeout=30))
            case = reader.get(f"/reports/{report.number}").text
            photo = "/media/" + case.partition('src="/media/')[2].partition('"')[0]
            paths = (
                "/",
                "/?status=before",
                "/reports",
                f"/reports/{report.number}",
                f"/reports/{report.number}/card.jpg",
                photo,
                "/theme.css",
                "/v1/public/reports",
                "/v1/public/tiles/12/3636/1611.mvt",
            )
            before = {path: reader.get(path) for path in paths}
            assert {answer.status_code for answer in before.values()} == {200}
            assert all(reader.get(path).headers["x-cache"] == "HIT" for path in paths)

        # The database has stopped. What was read in the last hours is still there, long after it was fresh.
        def is_all_old() -> bool:
            answers = {path: reader.get(path) for path in paths}
            assert all(answers[path].content == before[path].content for path in paths)
            return {answer.headers["x-cache"] for answer in answers.values()} == {"STALE"}

        eventually(is_all_old, "all pages are older than they may be while we are well")
        unread = reader.get("/reports?q=まだだれも読んでいない")
        assert unread.status_code == 503
        assert "<h1>" in unread.text

        # It comes back, and what was hidden meanwhile is gone once its page is asked for anew.
        stack.enter_context(postgres.running(other_database))
        engine().dispose()  # what this test itself had open
        with transaction() as session:
            session.get_one(Report, report.id).visibility = Visibility.HIDDEN
        eventually(lambda: reader.get(f"/reports/{report.number}").status_code == 410, "the page is gone")
        eventually(lambda: report.number not in reader.get("/reports").text, "it is not listed")
        eventually(lambda: reader.get(photo).status_code == 404, "its photo is gone")
