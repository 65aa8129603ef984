"""The whole service as separate processes, as `script/server` runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from operate.supervising.own_parts import is_well
from operate.supervising.process import free_port

NERIREPO = [sys.executable, "-P", "-m", "operate"]
IN_BACKGROUND = ["sh", "-c", 'trap "" INT; exec "$0" "$@"']
"""A shell ignores SIGINT in what it starts with `&`."""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home")


def environment(home: Path) -> dict[str, str]:
    """Without the settings of the parts that other tests use."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("NERIREPO_")}
    return ours | {"NERIREPO_HOME": str(home)}


def nerirepo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*NERIREPO, *arguments]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=120)


@contextmanager
def service(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The running service, from its line `ready` on."""
    with subprocess.Popen(
        [*IN_BACKGROUND, *NERIREPO, "up", "--empty", "--port", str(port)],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            said = ""
            assert process.stdout
            for line in process.stdout:
                said += line
                if line.startswith("ready"):
                    break
            else:
                pytest.fail(f"it ended without being ready:\n{said}")
            assert f"http://localhost:{port}/" in said
            yield process
        finally:
            process.kill()


def processes_on(home: Path) -> list[str]:
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            environ, command = (each / "environ").read_bytes(), (each / "cmdline").read_bytes()
        except OSError:  # it has ended, or is not ours
            continue
        if f"NERIREPO_HOME={home}\0".encode() in environ:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


def all_ended(home: Path) -> bool:
    deadline = time.monotonic() + 30
    while processes_on(home):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.long
def test_the_service_runs_is_used_and_stops(home):
    port = free_port()
    with service(home, port) as running:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
            assert answer.status == 200

        second = nerirepo(home, "up", "--port", str(free_port()))
        assert second.returncode == 1
        assert "Already running" in second.stderr

        asked = ("--email", "new@example.jp", "--name", "新人", "--role", "field", "--department", "roads")
        added = nerirepo(home, "staff", "add", *asked)
        assert set(json.loads(added.stdout)) == {"email", "password", "totp_secret"}, added.stderr

        checked = nerirepo(home, "check")
        assert checked.returncode == 0, checked.stdout
        assert "FAULT" not in checked.stdout

        for process, ready in (("worker", "WORKER_PORT"), ("site", None)):
            _one_more_works_beside_it(home, process, ready)

        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
        assert running.stdout
        assert "stopped" in running.stdout.read()
    assert all_ended(home), processes_on(home)


def _one_more_works_beside_it(home: Path, process: str, port_setting: str | None) -> None:
    """On the parts that run already: whoever starts it names none of them."""
    port = free_port()
    given = {f"NERIREPO_{port_setting}": str(port)} if port_setting else {}
    options = [] if port_setting else ["--port", str(port)]
    with subprocess.Popen([*NERIREPO, process, *options], env=environment(home) | given) as more:
        try:
            deadline = time.monotonic() + 60
            while not is_well(f"http://127.0.0.1:{port}/health/ready"):
                assert time.monotonic() < deadline, f"one more {process} is not ready"
                time.sleep(0.1)
        finally:
            more.terminate()


def test_a_command_works_while_the_service_is_stopped_and_leaves_nothing_running(home):
    seeded = nerirepo(home, "seed")
    assert seeded.returncode == 0, seeded.stderr
    checked = nerirepo(home, "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert all_ended(home), processes_on(home)


def test_a_check_names_each_fault_and_the_way_out(tmp_path):
    checked = nerirepo(tmp_path, "check")
    assert checked.returncode == 1
    assert "ok     database" in checked.stdout
    assert "FAULT  schema: older than this program; run: nerirepo migrate" in checked.stdout
    assert "Traceback" not in checked.stdout + checked.stderr


def test_a_taken_port_is_said_and_nothing_is_left_running(home):
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = nerirepo(home, "up", "--port", str(other.getsockname()[1]))
    assert refused.returncode == 1
    assert "Try --port" in refused.stderr
    assert all_ended(home), processes_on(home)


@pytest.mark.long
def test_everything_dies_with_a_killed_supervisor_and_starts_again(home):
    port = free_port()
    with service(home, port) as running:
        running.kill()
        running.wait()
        assert all_ended(home), processes_on(home)
    with service(home, port) as running:
        assert running.stdout
        running.stdout.close()  # nobody reads what it says any more
        running.terminate()
        assert running.wait(30) == 0
    assert all_ended(home), processes_on(home)
