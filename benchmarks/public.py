"""How fast is what everyone may read, and how near to what this machine can do at all?

    .venv/bin/python -m benchmarks.public [--sizes 10000,100000] [--seconds 2]

Starts a database and servers of its own in a folder that it deletes. Prints Markdown: docs/performance.md.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from benchmarks import arguments, fill, stage, table
from benchmarks.ask import get, turn
from benchmarks.table import Kind
from nerirepo.database.db import public_engine, public_reading
from nerirepo.publication import grid, read
from nerirepo.publication.grid import Tile

ZOOMS = range(10, 18)
DIFFERENT = 40
"""Addresses of one kind, drawn by lot and asked for in turn."""
LISTS = {
    "list": [f"since={year}-01-01" for year in range(2016, 2026)],
    "list of a kind": [
        "category=road",
        "category=graffiti",
        "status=before",
        "category=park&status=after",
    ],
    "list, common word": ["q=公園", "q=穴", "q=街路灯"],
    "list, rare word": ["q=椅子", "q=ねじ", "q=椅子のねじ"],
}


def main() -> None:
    asked = arguments.given(__doc__)
    with stage.staged() as staged:
        for size in asked.sizes:
            fill.fill(staged.superuser, size)
            public_engine().dispose()
            kinds = asked.wanted(list(_kinds()))
            print(f"\n## {size:,} reports, each answer made anew")
            table.report(staged, kinds, asked.seconds, "--forget")
            print(f"\n## {size:,} reports, as the service runs")
            table.report(staged, kinds, asked.seconds)
            print(f"\n## {size:,} reports, for whoever holds the answer already (304)")
            table.report(staged, [replace(each, known=True) for each in kinds], asked.seconds)


def _kinds() -> Iterator[Kind]:
    dice = random.Random(1)
    for z in ZOOMS:
        tiles = [_some_tile(dice, z) for _ in range(DIFFERENT)]
        yield _kind(f"tile z{z}", [f"/v1/public/tiles/{tile.z}/{tile.x}/{tile.y}.mvt" for tile in tiles])
    for name, queries in LISTS.items():
        escaped = [quote(query, safe="=&") for query in queries]
        yield _kind(f"{name}, API", [f"/v1/public/reports?{query}" for query in escaped])
        yield _kind(f"{name}, page", [f"/reports?{query}" for query in escaped])
    yield _kind("first page", ["/"])
    yield _kind("statistics", ["/statistics"])
    yield _kind("case", [f"/reports/{number}" for number in _numbers(dice)])


def _kind(name: str, paths: list[str]) -> Kind:
    return Kind(name, turn([get(path) for path in paths]))


def _some_tile(dice: random.Random, z: int) -> Tile:
    place = grid.place(dice.uniform(fill.SOUTH, fill.NORTH), dice.uniform(fill.WEST, fill.EAST))
    return Tile(z, place.x >> (32 - z), place.y >> (32 - z))


def _numbers(dice: random.Random) -> list[str]:
    with public_reading() as session:
        page = read.newest(session, limit=100)
    return [item["number"] for item in dice.sample(page.items, min(DIFFERENT, len(page.items)))]


if __name__ == "__main__":
    main()
