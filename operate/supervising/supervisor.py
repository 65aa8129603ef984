"""How are the children kept running, and stopped in the right order?"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from operate.supervising.parts import Part
from operate.supervising.process import Child, DidNotStart

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between a child's death and its next start
PROVEN = 60.0  # seconds of life after which a death counts as the first again
TIME_TO_START = 120.0  # seconds; a database that was killed replays its log first
TIME_TO_STOP = 10.0  # seconds for all children together


class Stopped(Exception):
    """Somebody asked us to stop while we were starting."""


def say(line: str) -> None:
    """One line for the person at the terminal, at once even into a pipe; if nobody reads, to nobody."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@dataclass
class _Life:
    started: float
    pause: float = FIRST_PAUSE
    next_start: float | None = None


@dataclass
class Supervisor:
    """Starts parts, starts those that die again, stops all in the reverse order.

    A context manager: while it is open, SIGINT, SIGTERM and SIGHUP ask it to stop.
    """

    _children: list[Child] = field(default_factory=list)
    _kept: list[tuple[Part, _Life]] = field(default_factory=list)
    _aside: list[Child] = field(default_factory=list)
    _asked_to_stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        # Set explicitly: a program started with `&` inherits SIGINT ignored.
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: self._asked_to_stop.set())
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
            signal.signal(signal.SIGHUP, lambda *_: self._asked_to_stop.set())
        return self

    def __exit__(self, *_: object) -> None:
        deadline = time.monotonic() + TIME_TO_STOP
        for child in reversed(self._children):
            child.stop(max(deadline - time.monotonic(), 1.0))

    def start(self, *parts: Part) -> None:
        """Start them side by side; returns when all are ready. Raises DidNotStart, Stopped."""
        self.launch(*parts)
        self.settle(*parts)

    def launch(self, *parts: Part) -> None:
        """Start them without waiting."""
        for part in parts:
            self._start(part.child, part.start)
            self._kept.append((part, _Life(started=time.monotonic())))

    def settle(self, *parts: Part) -> None:
        """Wait until those that were launched are ready. Raises DidNotStart, Stopped."""
        for part in parts:
            self._wait(part.child, part.ready)
            part.complete()

    def run(self, child: Child) -> None:
        """Run a child that does its work and ends. Raises DidNotStart when it fails, Stopped."""
        self._start(child, child.start)
        self._wait(child, lambda: child.exit_status == 0)

    def start_aside(self, child: Child) -> None:
        """Start a child that may end by itself while the others run."""
        self._start(child, child.start)
        self._aside.append(child)

    def watch(self) -> None:
        """Keep all parts running until a signal comes."""
        while not self._asked_to_stop.wait(0.2):
            for part, life in self._kept:
                if not part.child.is_running:
                    self._revive(part, life)
            for child in [each for each in self._aside if not each.is_running]:
                self._aside.remove(child)
                say(f"{child.name}: done" if child.exit_status == 0 else f"{child.name} failed: {child.log}")

    def _start(self, child: Child, start: Callable[[], None]) -> None:
        if self._asked_to_stop.is_set():
            raise Stopped
        self._children.append(child)
        start()

    def _wait(self, child: Child, ready: Callable[[], bool]) -> None:
        child.wait_until(lambda: self._asked_to_stop.is_set() or ready(), TIME_TO_START)
        if self._asked_to_stop.is_set():
            raise Stopped

    def _revive(self, part: Part, life: _Life) -> None:
        now = time.monotonic()
        if life.next_start is None:
            if now - life.started > PROVEN:
                life.pause = FIRST_PAUSE
            life.next_start = now + life.pause
            status = part.child.exit_status
            say(f"{part.child.name} ended (status {status}); starting it again in {life.pause:g} s")
            life.pause = min(life.pause * 2, LONGEST_PAUSE)
        elif now >= life.next_start:
            life.started, life.next_start = now, None
            try:
                part.start()
            except (OSError, RuntimeError, DidNotStart) as fault:
                say(f"{part.child.name}: {fault}")
