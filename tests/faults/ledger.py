"""What were clients told? Written by the load while it runs, read by the checker when all is over."""

import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpx2

LATER = {429, 503, 507}
"""Honest ways of saying no for now."""


@dataclass(frozen=True)
class Told:
    """A staff action that was answered with 200."""

    report_id: str
    action: str
    version: int
    event_seq: int


@dataclass
class Ledger:
    """Ids are strings. Its methods may be called from any thread."""

    tried: set[str] = field(default_factory=set)
    """Reports that were sent at least once, whatever came back."""
    owners: dict[str, dict[str, str]] = field(default_factory=dict)
    """Report to the headers of whoever sent it."""
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)
    """Photo to sha256, of those whose bytes were acknowledged."""
    actions: dict[str, Told] = field(default_factory=dict)
    told_at: dict[str, datetime] = field(default_factory=dict)
    """When each report, photo and action was first acknowledged."""
    violations: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    lost_answers: int = 0
    rate: float = 0.0
    """Requests a second that the load has really made."""
    unhurt_since: float | None = None
    """`time.monotonic()` when the load's last fault was over: recovery counts from here."""
    letters_hit: set[str] = field(default_factory=set)
    """Letters that were being sent at the moment of a kill, a freeze or a cut: those alone may come twice."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def figures(self) -> dict[str, Any]:
        return {
            "answers": {str(status): times for status, times in sorted(self.answers.items())},
            "lost": self.lost_answers,
            "rate": round(self.rate, 1),
            "reports": len(self.receipts),
            "actions": len(self.actions),
            "photos": len(self.photos),
        }

    def requests(self) -> int:
        """How many were made, answered or not."""
        with self._lock:
            return self.answers.total() + self.lost_answers

    def attempted(self, report_id: str, headers: dict[str, str]) -> None:
        with self._lock:
            self.tried.add(report_id)
            self.owners[report_id] = headers

    def acknowledged(self, report_id: str, receipt: dict[str, Any]) -> None:
        with self._lock:
            self.told_at.setdefault(report_id, datetime.now(UTC))
            first = self.receipts.setdefault(report_id, receipt)
            if first != receipt:
                self.violations.append(f"report {report_id} has two receipts")

    def kept_photo(self, photo_id: str, sha256: str) -> None:
        with self._lock:
            self.told_at.setdefault(photo_id, datetime.now(UTC))
            self.photos[photo_id] = sha256

    def acted(self, action_id: str, told: Told) -> None:
        with self._lock:
            self.told_at.setdefault(action_id, datetime.now(UTC))
            first = self.actions.setdefault(action_id, told)
            if first != told:
                self.violations.append(f"action {action_id} was answered {first} and then {told}")

    def until(self, moment: datetime) -> "Ledger":
        """What had been told by then: of a service that is taken back to it nothing else can be asked."""

        def earlier(told: dict[str, Any]) -> dict[str, Any]:
            return {each: what for each, what in told.items() if self.told_at[each] <= moment}

        with self._lock:
            return replace(
                self,
                receipts=earlier(self.receipts),
                photos=earlier(self.photos),
                actions=earlier(self.actions),
                violations=[],
                _lock=threading.Lock(),
            )

    def wrong(self, what: str) -> None:
        with self._lock:
            self.violations.append(what)

    def answered(self, answer: httpx2.Response | None, *expected: int) -> None:
        """Every answer that a client got, None for one that was lost; `expected` beside 2xx and `LATER`."""
        with self._lock:
            if answer is None:
                self.lost_answers += 1
                return
            self.answers[answer.status_code] += 1
            if fault := _dishonest(answer, expected):
                request = answer.request
                self.violations.append(f"{request.method} {request.url.path}: {fault}: {answer.text[:300]}")


def _dishonest(answer: httpx2.Response, expected: tuple[int, ...]) -> str | None:
    status = answer.status_code
    if status < 300 or status in expected:
        return None
    if status in LATER:
        if not answer.headers.get("retry-after", "").isdigit():
            return f"{status} without Retry-After"
        is_page = answer.headers["content-type"].startswith("text/html")
        return None if is_page or answer.json()["retryable"] else f"{status} that is not to be tried again"
    if status == 409 and answer.json().get("retryable"):
        return None
    return f"{status} was not to be expected"
