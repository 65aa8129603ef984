"""Brings the whole service up on this machine, in the order in which one thing needs another."""

import os
import socket
from contextlib import ExitStack

from operate.home import Home
from operate.serving.serve import PortTaken, listen
from operate.supervising import own_parts, parts
from operate.supervising.gate import gate
from operate.supervising.own_parts import Address, program
from operate.supervising.process import Child
from operate.supervising.supervisor import Stopped, Supervisor, say

SITES = min(os.cpu_count() or 1, 4)
"""Processes that answer: Python works on one core at a time. The first is ready first; the others join it."""

INBOX_DISTANCE = 25
"""The inbox page listens this far above the site's port, or on the next free port after that."""


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
        ours = [
            own_parts.site(home, address, site, closed),
            own_parts.worker(home, closed),
            own_parts.inbox(home, inbox),
        ]
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
    more = [own_parts.site(home, address, site, closed, number) for number in range(2, SITES + 1)]
    for each in [*ours, *more]:
        if port := each.child.environment.get("NERIREPO_METRICS_PORT"):
            say(f"  metrics      http://127.0.0.1:{port}/metrics  ({each.child.name})")
    say("ready (Ctrl-C stops it)")
    supervisor.launch(*more)


def _listen_from(port: int) -> socket.socket:
    for candidate in range(port, port + 100):
        try:
            return listen("127.0.0.1", candidate)
        except PortTaken:
            continue
    raise PortTaken(f"No port from {port} to {port + 99} is free for the mail inbox.")
