"""A line of figures for each kind of request: README.md tells what each column means."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from unittest.mock import patch
from uuid import UUID

from starlette.testclient import TestClient

from benchmarks import bare, cost, stage
from benchmarks.ask import Request, etag, get, measure
from benchmarks.stage import Stage
from nerirepo.publication.read import Kept
from operate.serving.front import create_front

ALONE = 0.5
"""Of the time: how long one waits who has the server for himself."""
FOR_THE_DATABASE = 40


@dataclass
class Kind:
    """One kind of request. `bare`: whether its statements can be repeated by pgbench.

    `stays`: ids that clients made and that stand in the database already.
    """

    name: str
    next: Callable[[], Request]
    stays: frozenset[UUID] = field(default_factory=frozenset)
    bare: bool = True
    known: bool = False
    """Ask as somebody who holds the answer already."""


_COLUMNS = (
    "request",
    "p50 ms alone",
    "p50 ms",
    "p95 ms",
    "/s",
    "CPU ms ours",
    "CPU ms database",
    "two cores /s",
    "statements",
    "bare SQL /s",
    "limit /s",
    "share",
    "CPU ms limit",
    "share of CPU",
)


def report(staged: Stage, kinds: list[Kind], seconds: float, *arguments: str) -> None:
    """Print them; `arguments` are the server's. The limit is always that of making an answer anew."""
    print(f"\n| {' | '.join(_COLUMNS)} |")
    print("|" + "---|" * len(_COLUMNS), flush=True)
    client = TestClient(create_front())
    with patch.object(Kept, "last", lambda *_: None), stage.server(*arguments) as server:
        noop = _line(staged, server, Kind("no-op", lambda: get("/noop")), seconds, None, client)
        _line(staged, server, Kind("no-op endpoint", lambda: get("/noop/endpoint")), seconds, None, client)
        for kind in kinds:
            if kind.known:
                kind = known(server.port, kind)
            _line(staged, server, kind, seconds, noop, client)


def known(port: int, kind: Kind) -> Kind:
    """The same requests with the `ETag` that was answered."""
    held: dict[str, str] = {}

    def ask() -> Request:
        request = kind.next()
        if request.path not in held:
            held[request.path] = etag(port, request)
        return replace(request, headers=request.headers | {"If-None-Match": held[request.path]})

    return replace(kind, next=ask, bare=False)


@dataclass(frozen=True)
class _NoOp:
    """Answers a second, and milliseconds of a processor for each."""

    rate: float
    cpu: float


def _line(
    staged: Stage,
    server: stage.Server,
    kind: Kind,
    seconds: float,
    noop: _NoOp | None,
    client: TestClient,
) -> _NoOp:
    requests = iter(kind.next, None)
    measure(server.port, requests, seconds / 4)
    alone = measure(server.port, requests, seconds * ALONE, at_once=1)
    with cost.measured(server.processes, staged.postmaster) as used:
        many = measure(server.port, requests, seconds)
    ours, database = used.ours / many.answers * 1000, used.database / many.answers * 1000
    figures = [
        f"{alone.p50:.2f}",
        f"{many.p50:.1f}",
        f"{many.p95:.1f}",
        f"{many.rate:.0f}",
        f"{ours:.2f}",
        f"{database:.2f}",
        f"{2000 / (ours + database):.0f}",
    ]
    if noop and kind.bare:
        made = list(islice(requests, FOR_THE_DATABASE))
        least = bare.measure(client, made, seconds, kind.stays, staged.postmaster)
        limit, cpu = 1 / (1 / noop.rate + 1 / least.rate), noop.cpu + least.cpu * 1000
        figures += [
            f"{least.statements:.3g}",
            f"{least.rate:.0f}",
            f"{limit:.0f}",
            f"{many.rate / limit:.0%}",
            f"{cpu:.2f}",
            f"{cpu / (ours + database):.0%}",
        ]
    else:
        figures += [""] * 6
    print(f"| {kind.name} | {' | '.join(figures)} |", flush=True)
    return _NoOp(many.rate, ours)
