import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from operate.supervising.parts import Part
from operate.supervising.process import Child, DidNotStart
from operate.supervising.supervisor import Stopped, Supervisor

DIARY = """
import signal, sys, time
name, diary = sys.argv[1:]
def note(what):
    with open(diary, "a") as file: file.write(f"{name} {what}\\n")
def end(*_):
    note("ends"); sys.exit()
signal.signal(signal.SIGTERM, end)
note("starts")
time.sleep(600)
"""


def part(name: str, diary: Path) -> Part:
    child = Child(name, [sys.executable, "-c", DIARY, name, str(diary)])
    return Part(child, lambda: diary.exists() and f"{name} starts" in diary.read_text())


@pytest.fixture(autouse=True)
def signals_as_before():
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def ask_to_stop_when(condition) -> None:
    def wait() -> None:
        while not condition():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def test_parts_are_stopped_in_the_reverse_order(tmp_path):
    diary = tmp_path / "diary"
    with Supervisor() as supervisor:
        supervisor.start(part("database", diary))
        supervisor.start(part("site", diary))
    assert diary.read_text().splitlines() == ["database starts", "site starts", "site ends", "database ends"]


def test_a_part_that_dies_is_started_again(tmp_path, capsys):
    diary = tmp_path / "diary"
    with Supervisor() as supervisor:
        site = part("site", diary)
        supervisor.start(site)
        assert site.child.process
        site.child.process.kill()
        ask_to_stop_when(lambda: diary.read_text().count("site starts") == 2)
        supervisor.watch()
    assert "site ended (status -9); starting it again in 0.5 s" in capsys.readouterr().out


def test_a_part_that_cannot_start_is_said_and_the_others_are_stopped(tmp_path):
    diary = tmp_path / "diary"
    broken = Part(
        Child("worker", [sys.executable, "-c", "print('no licence')"], log=tmp_path / "log"), lambda: False
    )
    with Supervisor() as supervisor:
        supervisor.start(part("database", diary))
        with pytest.raises(DidNotStart, match="worker ended while starting\nno licence"):
            supervisor.start(broken)
    assert "database ends" in diary.read_text()


def test_a_signal_while_starting_stops_what_has_started(tmp_path):
    diary = tmp_path / "diary"
    with Supervisor() as supervisor:
        supervisor.start(part("database", diary))
        ask_to_stop_when(lambda: "site starts" in diary.read_text())
        never_ready = Part(part("site", diary).child, lambda: False)
        with pytest.raises(Stopped):
            supervisor.start(never_ready)
    assert diary.read_text().splitlines()[-2:] == ["site ends", "database ends"]


def test_work_that_fails_stops_the_start(tmp_path):
    with pytest.raises(DidNotStart), Supervisor() as supervisor:
        supervisor.run(Child("prepare", [sys.executable, "-c", "raise SystemExit(3)"]))
