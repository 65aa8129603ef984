"""Brings the whole service up on this machine, in the order in which one thing needs another."""

import os
import socket
import ssl
import sys
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass

from operate.home import Home
from operate.serving.serve import PortTaken, listen
from operate.supervising import parts
from operate.supervising.gate import gate
from operate.supervising.parts import Part
from operate.supervising.process import Child, free_port
from operate.supervising.supervisor import Stopped, Supervisor, say

SITES = min(os.cpu_count() or 1, 4)
"""Processes that answer: Python works on one core at a time. The first is ready first; the others join it."""

INBOX_DISTANCE = 25
"""The inbox page listens this far above the site's port, or on the next free port after that."""


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


def up(home: Home, address: Address, *, empty: bool) -> None:
    """Run everything until SIGINT or SIGTERM. Raises InUse, PortTaken, DidNotStart."""
    with ExitStack() as stack:
        stack.enter_context(home.held())
        site = stack.enter_context(listen(address.host, address.port))
        inbox = stack.enter_context(_listen_from(address.port + INBOX_DISTANCE))
        stack.callback(home.variables.unlink, missing_ok=True)
        supervisor = stack.enter_context(Supervisor())
        os.environ.setdefault("NERIREPO_BASE_URL", address.url)
        try:
            _start(supervisor, home, address, site, inbox, empty=empty)
            supervisor.watch()
        except Stopped:
            pass
        say("stopping")
    say("stopped")


def _start(
    supervisor: Supervisor,
    home: Home,
    address: Address,
    site: socket.socket,
    inbox: socket.socket,
    *,
    empty: bool,
) -> None:
    say(f"Nerima Reporter, data under {home.folder}")
    say("  starting the database, the store and the mail server ...")
    outside, variables = parts.embedded(home)
    supervisor.start(*outside)
    variables.setdefault("NERIREPO_BASE_URL", os.environ["NERIREPO_BASE_URL"])
    parts.publish(home, variables)

    say("  bringing the database up to date ...")
    with gate() as closed:
        ours = [_site(home, address, site, closed), _worker(home, closed), _inbox(home, inbox)]
        supervisor.launch(*ours)  # loading their code takes as long as preparing
        supervisor.run(Child("prepare", program("prepare", *(["--empty"] if empty else []))))
    say("  starting the site and the worker ...")
    supervisor.settle(*ours)
    if home.demo_is_due.exists():
        say("  sending in sample reports; they appear one after the other ...")
        supervisor.start_aside(Child("sample reports", program("demo"), log=home.logs / "demo.log"))

    say("")
    say(f"  public site  {address.url}/")
    say(f"  API docs     {address.url}/docs")
    say(f"  staff        {address.url}/desk")
    if "NERIREPO_SMTP_IS_SINK" in variables:
        say(f"  mail inbox   http://localhost:{inbox.getsockname()[1]}/")
    if home.first_accounts.exists():
        say(f"  accounts     {home.first_accounts}")
    say(f"  logs         {home.logs}")
    more = [_site(home, address, site, closed, number) for number in range(2, SITES + 1)]
    for each in [*ours, *more]:
        if port := each.child.environment.get("NERIREPO_METRICS_PORT"):
            say(f"  metrics      http://127.0.0.1:{port}/metrics  ({each.child.name})")
    say("ready (Ctrl-C stops it)")
    supervisor.launch(*more)


def program(*arguments: str) -> list[str]:
    """The command line of another process of this program."""
    return [sys.executable, "-P", "-m", "operate", *arguments]


def _site(home: Home, address: Address, listener: socket.socket, gate: int, number: int = 1) -> Part:
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


def _worker(home: Home, gate: int) -> Part:
    port = free_port()
    child = Child(
        "worker",
        program("worker", "--gate", str(gate)),
        {"NERIREPO_WORKER_PORT": str(port), "NERIREPO_METRICS_PORT": str(free_port())},
        log=home.logs / "worker.log",
        keep_open=(gate,),
    )
    return Part(child, lambda: is_well(f"http://127.0.0.1:{port}/health/ready"))


def _inbox(home: Home, listener: socket.socket) -> Part:
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


def _listen_from(port: int) -> socket.socket:
    for candidate in range(port, port + 100):
        try:
            return listen("127.0.0.1", candidate)
        except PortTaken:
            continue
    raise PortTaken(f"No port from {port} to {port + 99} is free for the mail inbox.")
