"""Who uses the service while it is hurt: phones that queue what they could not send, staff at work,
and people who read.

Each decision follows from a seed; only the order in which threads take turns does not.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tests.faults.client import Client
from tests.faults.ledger import Ledger
from tests.faults.pace import Pace
from tests.faults.phone import Phone
from tests.faults.reader import Reader
from tests.faults.service import PATIENCE, Service
from tests.faults.staff import Staff

LONGEST_PAUSE = 1.0
"""Seconds. A real phone waits as long as Retry-After says; ours have less time."""
PHONES, STAFF, READERS = 12, 2, 4
"""Each makes one request after the other: enough to keep the pace while an answer takes 0.3 s."""


@contextmanager
def load(
    service: Service, ledger: Ledger, seed: int, *, url: str | None = None, doors: tuple[str, ...] = ()
) -> Iterator[list[Phone]]:
    """Traffic for the length of the block; at its end the phones empty their queues.

    `url`: where phones and readers send to, if not straight to the service; `doors`: several of such,
    between which the phones are divided.
    """
    pace = Pace()
    doors = doors or (url or service.url,)
    with ThreadPoolExecutor(PHONES) as pool:
        users = list(
            pool.map(lambda n: Phone(service, ledger, f"phone{n}", doors[n % len(doors)]), range(PHONES))
        )
    members = [Staff(service, ledger, number) for number in range(STAFF)]
    readers = [Reader(service, ledger, url) for _ in range(READERS)]
    for each in (*users, *members, *readers):
        each.pace = pace
    over = threading.Event()
    began, answered = time.monotonic(), ledger.requests()
    threads = [
        *(_thread(_use_phone, each, random.Random(f"{seed} phone{n}"), over) for n, each in enumerate(users)),
        *(_thread(_work, each, random.Random(f"{seed} staff{n}"), over) for n, each in enumerate(members)),
        *(_thread(_read, each, random.Random(f"{seed} reader{n}"), over) for n, each in enumerate(readers)),
    ]
    try:
        yield users
    finally:
        ledger.unhurt_since = time.monotonic()
        ledger.rate = (ledger.requests() - answered) / (time.monotonic() - began)
        over.set()
        for thread in threads:
            thread.join(2 * PATIENCE)
        for client in (*users, *members, *readers):
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
        # Rather few, and much looking around: what each writes is work for the worker, and an hour has room
        # for three hundred of a person's.
        if chance.random() < 0.08:
            phone.write(photos=chance.random() < 0.2, colour=chance.choice(("red", "blue", "grey")))
        if phone.sent and chance.random() < 0.2:
            phone.send(chance.choice(phone.sent))
        phone.call("GET", chance.choice(("/v1/me/reports", "/v1/me", "/v1/changes")))
        if not phone.send_oldest():
            over.wait(chance.uniform(0.1, LONGEST_PAUSE))
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


def _read(reader: Reader, chance: random.Random, over: threading.Event) -> None:
    while not over.is_set():
        reader.look_around(chance)
