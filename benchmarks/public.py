"""How fast is what everyone may read, and how near to what this machine can do at all?

    .venv/bin/python -m benchmarks.public [--sizes 10000,100000] [--seconds 1.5]

Starts a database and servers of its own in a folder that it deletes. Prints Markdown: docs/performance.md.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlmodel import Session

from benchmarks import bare, fill
from benchmarks.ask import etags, measure
from nerirepo.db import public_engine, public_reading
from nerirepo.migrations import migrate
from nerirepo.publication import grid, read
from nerirepo.publication.grid import Tile
from nerirepo.publication.read import Filters
from operate import seed
from operate.embedded import postgres
from operate.process import free_port

ZOOMS = range(10, 18)
DIFFERENT = 40
"""Addresses of one kind, drawn by lot and asked for in turn."""


@dataclass(frozen=True)
class Kind:
    name: str
    paths: list[str]
    questions: list[Callable[[Session], object]]
    """What making each sends to the database."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--sizes", default="10000,100000", help="reports; the full picture: 10000,100000,1000000"
    )
    asked.add_argument("--seconds", type=float, default=1.5, help="for each figure")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="nerirepo-benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgres.running(folder / "postgres"):
            os.environ.update(
                NERIREPO_HOME=name,
                NERIREPO_DATABASE_URL=postgres.url(folder / "postgres"),
                NERIREPO_PUBLIC_DATABASE_URL=postgres.url(folder / "postgres", postgres.READER),
                NERIREPO_LOG_LEVEL="ERROR",
            )
            migrate.upgrade()
            seed.load_ward()
            for size in map(int, given.sizes.split(",")):
                fill.fill(postgres.url(folder / "postgres", postgres.SUPERUSER), size)
                public_engine().dispose()
                _report(size, given.seconds)


def _report(size: int, seconds: float) -> None:
    print(f"\n{size:,} reports\n")
    print("| request | p50 ms | p95 ms | made /s | bare SQL /s | limit /s | share | kept /s | known /s |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    with _server("--forget") as making, _server() as keeping:
        noop = measure(keeping, ["/noop"], seconds).rate
        print(f"| no-op | | | {noop:.0f} | | | | | |", flush=True)
        for kind in _kinds(size):
            made = measure(making, kind.paths, seconds)
            alone = bare.rate(kind.questions, seconds)
            limit = 1 / (1 / noop + 1 / alone)
            kept = measure(keeping, kind.paths, seconds).rate
            known = measure(keeping, kind.paths, seconds, etags(keeping, kind.paths)).rate
            figures = (
                f"{made.p50:.1f}",
                f"{made.p95:.1f}",
                f"{made.rate:.0f}",
                f"{alone:.0f}",
                f"{limit:.0f}",
                f"{made.rate / limit:.0%}",
                f"{kept:.0f} ({kept / limit:.0%})",
                f"{known:.0f}",
            )
            print(f"| {kind.name} | {' | '.join(figures)} |", flush=True)


def _kinds(size: int) -> Iterator[Kind]:
    dice = random.Random(1)
    for z in ZOOMS:
        tiles = [_some_tile(dice, z) for _ in range(DIFFERENT)]
        paths = [f"/v1/public/tiles/{tile.z}/{tile.x}/{tile.y}.mvt" for tile in tiles]
        yield Kind(f"tile z{z}", paths, [partial(_tile, tile=tile) for tile in tiles])
    for name, queries in (
        ("list", [f"since={year}-01-01" for year in range(2016, 2026)]),
        (
            "list of a kind",
            ["category=road", "category=graffiti", "status=before", "category=park&status=after"],
        ),
        ("list, common word", ["q=公園", "q=穴", "q=街路灯"]),
        ("list, rare word", ["q=椅子", "q=ねじ", "q=椅子のねじ"]),
    ):
        filters = [Filters.parse(**dict(part.split("=") for part in query.split("&"))) for query in queries]
        yield Kind(
            f"{name}, API",
            [f"/v1/public/reports?{_escaped(query)}" for query in queries],
            [partial(_list, filters=each) for each in filters],
        )
        yield Kind(
            f"{name}, page",
            [f"/reports?{_escaped(query)}" for query in queries],
            [partial(_list_page, filters=each) for each in filters],
        )
    numbers = _numbers(dice, size)
    yield Kind("first page", ["/"], [_first_page])
    yield Kind(
        "case",
        [f"/reports/{number}" for number in numbers],
        [partial(_case, number=number) for number in numbers],
    )


def _escaped(query: str) -> str:
    return quote(query, safe="=&")


def _some_tile(dice: random.Random, z: int) -> Tile:
    place = grid.place(dice.uniform(fill.SOUTH, fill.NORTH), dice.uniform(fill.WEST, fill.EAST))
    return Tile(z, place.x >> (32 - z), place.y >> (32 - z))


def _numbers(dice: random.Random, size: int) -> list[str]:
    with public_reading() as session:
        page = read.newest(session, limit=100)
    return [item["number"] for item in dice.sample(page.items, min(DIFFERENT, len(page.items)))]


def _tile(session: Session, tile: Tile) -> None:
    read.revision(session)
    read.tile(session, tile)


def _list(session: Session, filters: Filters) -> None:
    read.newest(session, filters)


def _list_page(session: Session, filters: Filters) -> None:
    read.revision(session)
    read.ward(session)
    read.newest(session, filters)
    read.totals(session)


def _first_page(session: Session) -> None:
    _list_page(session, Filters())
    frame = read.whole_ward(session)
    assert frame
    read.circles(session, frame, Filters())
    read.ground(session, frame)


def _case(session: Session, number: str) -> None:
    read.revision(session)
    read.ward(session)
    report = read.one(session, number)
    assert isinstance(report, dict)
    read.usual(session, report["category"]["code"])
    read.around(session, read.Centre(**report["point"]), 680, 440)


@contextmanager
def _server(*arguments: str) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.server", str(port), *arguments])
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError("the server did not start")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/noop", timeout=2).close()
    except OSError:
        time.sleep(0.1)
        return False
    return True


if __name__ == "__main__":
    main()
