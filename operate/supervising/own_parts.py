"""The processes of this program that `up` keeps running, and how each shows that it is ready."""

import socket
import ssl
import sys
import urllib.request
from dataclasses import dataclass

from operate.home import Home
from operate.supervising.parts import Part
from operate.supervising.process import Child, free_port


@dataclass(frozen=True)
class Address:
    """Where the site listens; with a certificate it speaks https."""

    host: str
    port: int
    secure: bool

    @property
    def url(self) -> str:
        name = "localhost" if self.host in ("127.0.0.1", "0.0.0.0") else self.host
        return f"{'https' if self.secure else 'http'}://{name}:{self.port}"


def program(*arguments: str) -> list[str]:
    """The command line of another process of this program."""
    return [sys.executable, "-P", "-m", "operate", *arguments]


def site(home: Home, address: Address, listener: socket.socket, gate: int, number: int = 1) -> Part:
    # The listener is ours: while the site is started again, requests wait instead of being refused.
    command = program("site", "--listener", str(listener.fileno()), "--gate", str(gate))
    if address.secure:
        command.append("--secure")
    name = "site" if number == 1 else f"site-{number}"
    child = Child(
        name,
        command,
        {"NERIREPO_METRICS_PORT": str(free_port())},
        log=home.logs / f"{name}.log",
        keep_open=(listener.fileno(), gate),
    )
    host = "127.0.0.1" if address.host == "0.0.0.0" else address.host
    scheme = "https" if address.secure else "http"
    return Part(child, lambda: is_well(f"{scheme}://{host}:{address.port}/health/ready"))


def worker(home: Home, gate: int) -> Part:
    port = free_port()
    child = Child(
        "worker",
        program("worker", "--gate", str(gate)),
        {"NERIREPO_WORKER_PORT": str(port), "NERIREPO_METRICS_PORT": str(free_port())},
        log=home.logs / "worker.log",
        keep_open=(gate,),
    )
    return Part(child, lambda: is_well(f"http://127.0.0.1:{port}/health/ready"))


def inbox(home: Home, listener: socket.socket) -> Part:
    command = [
        sys.executable,
        "-P",
        "-m",
        "operate.embedded.inbox",
        str(home.mail),
        f"fd:{listener.fileno()}",
    ]
    child = Child("inbox", command, log=home.logs / "inbox.log", keep_open=(listener.fileno(),))
    return Part(child, lambda: is_well(f"http://127.0.0.1:{listener.getsockname()[1]}/health/live"))


def is_well(url: str) -> bool:
    """Is the answer 200? Our own certificate is not asked for its name."""
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl._create_unverified_context()),
    )
    try:
        with direct.open(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:  # URLError and HTTPError are such
        return False
