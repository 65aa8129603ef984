"""How fast do all clients together use the service? At an even rate, as far as the machine allows."""

import os
import threading
import time

SHARES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
"""Services under test on this machine at once: each test process has its own."""
RATE = float(os.environ.get("FAULTS_RATE", "50")) / SHARES
"""Requests a second, asked for; what came of it stands in the figures."""
MADE_UP_FOR = 1.0
"""Seconds of being late that are caught up with. More is let go: nobody stampedes when a fault is over."""


class Pace:
    """`wait()` before each request; from any thread."""

    def __init__(self, rate: float = RATE) -> None:
        self._step = 1 / rate
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            mine = max(self._next, time.monotonic() - MADE_UP_FOR)
            self._next = mine + self._step
        time.sleep(max(mine - time.monotonic(), 0.0))
