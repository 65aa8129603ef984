"""Who uses the service while it is hurt: phones that queue what they could not send, and staff at work.

Each decision follows from a seed; only the order in which threads take turns does not.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.client import Client
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.service import PATIENCE, Service
from tests.faults.staff import Staff

LONGEST_PAUSE = 1.0
"""Seconds. A real phone waits as long as Retry-After says; ours have less time."""


@contextmanager
def load(
    service: Service, ledger: Ledger, seed: int, *, phones: int = 4, staff: int = 2, url: str | None = None
) -> Iterator[list[Phone]]:
    """Traffic for the length of the block, about 20 requests a second; at its end the phones empty their
    queues. `url`: where the phones send to, if not straight to the service."""
    users = [Phone(service, ledger, f"phone{number}", url) for number in range(phones)]
    members = [Staff(service, ledger) for _ in range(staff)]
    over = threading.Event()
    threads = [
        *(_thread(_use_phone, each, random.Random(f"{seed} {each.name}"), over) for each in users),
        *(_thread(_work, each, random.Random(f"{seed} staff{n}"), over) for n, each in enumerate(members)),
    ]
    try:
        yield users
    finally:
        over.set()
        for thread in threads:
            thread.join(2 * PATIENCE)
        for client in [*users, *members]:
            client.close()
    assert not any(thread.is_alive() for thread in threads), "a client hangs"
    for each in users:
        if each.queue:
            ledger.wrong(f"{each.name} could not send {len(each.queue)} reports")


def _thread(what: Callable[..., None], client: Client, *given: Any) -> threading.Thread:
    def run() -> None:
        try:
            what(client, *given)
        except Exception as fault:
            client.ledger.wrong(f"a client stumbled: {type(fault).__name__}: {fault}")

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _use_phone(phone: Phone, chance: random.Random, over: threading.Event) -> None:
    while not over.is_set():
        # Rather few, and much looking around: what each writes is work for the worker.
        if chance.random() < 0.25:
            phone.write(photos=chance.random() < 0.2, colour=chance.choice(("red", "blue", "grey")))
        if phone.sent and chance.random() < 0.3:
            phone.send(chance.choice(phone.sent))
        if chance.random() < 0.4:
            phone.call("GET", "/v1/me/reports")
        if not phone.send_oldest():
            over.wait(chance.uniform(0.1, LONGEST_PAUSE))
        over.wait(chance.uniform(0.05, 0.4))
    deadline = time.monotonic() + PATIENCE
    while phone.queue and time.monotonic() < deadline:
        if not phone.send_oldest():
            time.sleep(0.3)


def _work(member: Staff, chance: random.Random, over: threading.Event) -> None:
    done: set[str] = set()
    while not over.is_set():
        waiting = sorted(set(member.ledger.receipts) - done)
        if waiting:
            # Both look at the same few, so that they meet.
            report_id = waiting[chance.randrange(min(3, len(waiting)))]
            if not member.move_on(report_id, after_photo=chance.random() < 0.15):
                done.add(report_id)
        over.wait(chance.uniform(0.05, 0.4))
