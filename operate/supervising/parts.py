"""Which outside parts does the program use: its own, or those that settings name?

Each embedded part gives way to its setting; what is left runs on this machine, and its addresses are
handed to the program in the same NERIREPO_* variables.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from operate.embedded import mailbox, postgres, store
from operate.home import Home, InUse
from operate.keys import OURS, keys, write_private
from operate.supervising.process import Child, answers, free_port

PATIENCE = 60.0  # seconds; a first start makes the database before others may use it


@dataclass
class Part:
    """A child with what must be done before it starts and how to see that it is ready."""

    child: Child
    ready: Callable[[], bool]
    prepare: Callable[[], None] = lambda: None
    complete: Callable[[], None] = lambda: None
    """Done once it is ready."""

    def start(self) -> None:
        self.prepare()
        self.child.start()

    def settle(self) -> None:
        self.child.wait_until(self.ready)
        self.complete()


def embedded(home: Home) -> tuple[list[Part], dict[str, str]]:
    """The parts that no setting replaces, not yet started, and the variables by which they are found."""
    if os.environ.get("NERIREPO_ENVIRONMENT") == "production":
        return [], {}  # a missing setting must stop the start, not bring up an empty database
    parts: list[Part] = []
    secret = keys(home.keys)
    variables = {name: secret[name] for name in OURS if name in secret}

    if "NERIREPO_DATABASE_URL" not in os.environ:
        folder = home.postgres
        parts.append(
            Part(
                postgres.child(folder),
                ready=lambda: postgres.accepts(folder),
                prepare=lambda: postgres.prepare(folder),
                complete=lambda: postgres.create_database(folder),
            )
        )
        variables["NERIREPO_DATABASE_URL"] = postgres.url(folder)
        variables["NERIREPO_PUBLIC_DATABASE_URL"] = postgres.url(folder, postgres.READER)

    if "NERIREPO_S3_ENDPOINT" not in os.environ:
        store_port, password = free_port(), secret["NERIREPO_S3_SECRET_KEY"]
        parts.append(Part(store.child(home.store, store_port, password), lambda: answers(store_port)))
        variables["NERIREPO_S3_ENDPOINT"] = store.endpoint(store_port)
        variables["NERIREPO_S3_ACCESS_KEY"] = store.ACCESS_KEY
        variables["NERIREPO_S3_SECRET_KEY"] = password

    if "NERIREPO_SMTP_URL" not in os.environ:
        mail_port = free_port()
        mail = mailbox.child(home.mail, mail_port, log=home.logs / "mail.log")
        parts.append(Part(mail, lambda: answers(mail_port)))
        variables["NERIREPO_SMTP_URL"] = mailbox.url(mail_port)
        variables["NERIREPO_SMTP_IS_SINK"] = "true"

    return parts, {name: value for name, value in variables.items() if name not in os.environ}


def publish(home: Home, variables: dict[str, str]) -> None:
    """Tell this process, its children and commands given meanwhile where the parts are."""
    os.environ.update(variables)
    write_private(home.variables, json.dumps(variables, indent=2) + "\n")


def join(home: Home) -> None:
    """Let this process use the parts of the program that runs here, where settings name no others."""
    if home.variables.exists():
        for name, value in json.loads(home.variables.read_text()).items():
            os.environ.setdefault(name, value)


@contextmanager
def at_hand(home: Home) -> Iterator[None]:
    """The parts for one command: those of the running program, or our own for the length of the block."""
    with ExitStack() as stack:
        found = None if _are_elsewhere() else _of_running_program(home, stack)
        if found is None:
            parts, found = embedded(home)
            for part in parts:
                stack.callback(part.child.stop)
                part.start()
            for part in parts:
                part.settle()
        os.environ.update(found)
        yield


def _are_elsewhere() -> bool:
    """Settings name all of them: nothing here is ours to hold, and commands may run side by side."""
    named = ("NERIREPO_DATABASE_URL", "NERIREPO_S3_ENDPOINT", "NERIREPO_SMTP_URL")
    return os.environ.get("NERIREPO_ENVIRONMENT") == "production" or all(name in os.environ for name in named)


def _of_running_program(home: Home, stack: ExitStack) -> dict[str, str] | None:
    """Its variables; or None, when there is none and the folder is held for us until `stack` ends."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            stack.enter_context(home.held())
            return None
        except InUse:
            # Without variables it is starting, stopping, or another short command.
            if home.variables.exists():
                return json.loads(home.variables.read_text())
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)
