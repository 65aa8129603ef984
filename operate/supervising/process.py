"""How is a child process started, so that it cannot outlive this program, and how is it stopped?"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LARGEST_LOG = 10 * 1024 * 1024
"""Bytes. A larger one is put aside at the next start, in the place of the one put aside before."""


class DidNotStart(Exception):
    """A child ended or did not become ready in time; the message holds the end of its log."""


@dataclass
class Child:
    """One child process.

    The kernel sends it `orphaned_by` when this program is killed without a chance to clean up; in truth when
    the *thread* that started the child ends: start it from one that lives as long as it shall.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to our own environment."""
    log: Path | None = None
    """Where its output is appended; None: to our own output."""
    stop_with: signal.Signals = signal.SIGTERM
    orphaned_by: signal.Signals = signal.SIGKILL
    """Hard, since a child that wants to finish its work may wait for a part that is gone already."""
    keep_open: tuple[int, ...] = ()
    """File descriptors it inherits."""
    process: subprocess.Popen | None = field(default=None, init=False)

    def start(self) -> None:
        command = ["setpriv", "--pdeathsig", self.orphaned_by.name.removeprefix("SIG")]
        # One setpriv for both: changing the user afterwards would clear the death signal again.
        command += self.command[1:] if self.command[0] == "setpriv" else ["--", *self.command]
        if self.log and self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_name(f"{self.log.name}.old"))
        output = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                pass_fds=self.keep_open,
                process_group=0,  # Ctrl-C reaches only us: we stop the children in the right order
            )
        finally:
            if output:
                output.close()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def exit_status(self) -> int | None:
        """None while it runs or was never started; negative: the signal that ended it."""
        return self.process.poll() if self.process else None

    def wait_until(self, ready: Callable[[], bool], seconds: float = 30) -> None:
        """Poll until `ready()`; raises DidNotStart when the child ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_running or time.monotonic() > deadline:
                why = "is not ready in time" if self.is_running else "ended while starting"
                raise DidNotStart(f"{self.name} {why}\n{self._last_words()}".rstrip())
            time.sleep(0.02)

    def stop(self, seconds: float = 10) -> None:
        """Ask it to end, insist after `seconds`."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_with)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _last_words(self) -> str:
        if not self.log or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])


@contextmanager
def alive(child: Child, ready: Callable[[], bool]) -> Iterator[Child]:
    """The child, started and ready for the length of the block."""
    child.start()
    try:
        child.wait_until(ready)
        yield child
    finally:
        child.stop()


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    """Does somebody accept connections on this loopback port?"""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
