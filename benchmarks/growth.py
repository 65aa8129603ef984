"""What does a question cost the database, and how does that grow with the number of reports?

    .venv/bin/python -m benchmarks.growth [--sizes 10000,100000]

Milliseconds of a processor, read from the kernel for each question: other programs do not count, so that p95
means something on a busy machine, too. Prints Markdown: docs/performance.md.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlmodel import Session, col, select

from benchmarks import arguments, fill, fill_reports, public, stage
from nerirepo.database.db import engine, public_engine, public_reading, reading
from nerirepo.places.locate import locate
from nerirepo.publication import read
from nerirepo.reports import own
from nerirepo.reports.actor import actor_of
from nerirepo.reports.status import OPEN
from nerirepo.reports.tables import ReportOriginal
from nerirepo.reports.worklist import worklist
from nerirepo.reports.worklist_filters import Filters, Sort
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member

Questions = Iterator[tuple[str, list[Callable[[], object]]]]


def main() -> None:
    asked = arguments.given(__doc__)
    print("| reports | question | p50 ms | p95 ms |\n|---|---|---|---|", flush=True)
    with stage.staged() as staged:
        for size in asked.sizes:
            fill_reports.fill(staged.superuser, size)
            fill.fill(staged.superuser, size)
            for each in (engine(), public_engine()):
                each.dispose()
            with public_reading() as session:
                measure(session, size, of_everyone(session))
            with reading() as session:
                measure(session, size, of_residents_and_staff(session))


def measure(session: Session, size: int, questions: Questions) -> None:
    asker = Path(f"/proc/{session.execute(text('SELECT pg_backend_pid()')).scalar_one()}/schedstat")
    for name, ask_each in questions:
        for ask in ask_each[:6]:
            ask()  # plans and caches are there afterwards
        spent = []
        for ask in ask_each:
            before = _nanoseconds(asker)
            ask()
            spent.append((_nanoseconds(asker) - before) / 1e6)
        p95 = sorted(spent)[int(len(spent) * 0.95)]
        print(f"| {size:,} | {name} | {median(spent):.2f} | {p95:.2f} |", flush=True)


def _nanoseconds(schedule: Path) -> int:
    return int(schedule.read_text().split()[0])


def of_everyone(session: Session) -> Questions:
    dice = random.Random(1)
    for z in (*public.ZOOMS, 18):
        tiles = [public._some_tile(dice, z) for _ in range(public.DIFFERENT)]
        yield f"tile z{z}", [lambda tile=tile: read.tile(session, tile) for tile in tiles]
    every = dict.fromkeys(("bbox", "category", "status", "town", "q", "since", "until"))
    for name, asked in (
        ("list", {}),
        ("list of a kind", {"category": "graffiti"}),
        ("list, common word", {"q": "公園"}),
        ("list, rare word", {"q": "椅子のねじ"}),
    ):
        filters = read.Filters.parse(**(every | asked))
        yield name, [lambda filters=filters: read.newest(session, filters, limit=20, language="ja")] * 20


def of_residents_and_staff(session: Session) -> Questions:
    dice = random.Random(1)
    points = [(dice.uniform(35.735, 35.745), dice.uniform(139.61, 139.66)) for _ in range(40)]
    yield "place", [lambda point=point: locate(session, *point) for point in points]
    people = session.exec(
        select(ReportOriginal.reporter_id).where(col(ReportOriginal.reporter_id).is_not(None)).limit(40)
    ).all()
    yield (
        "own reports",
        [lambda who=who: own.mine(session, who, "ja", limit=20, cursor=None) for who in people if who],
    )
    members = {each.role: each for each in session.exec(select(Member)).all()}
    desk, crew = actor_of(members[Role.DESK]), actor_of(members[Role.FIELD])
    for name, actor, filters in (
        ("worklist of 100, desk", desk, Filters(limit=100)),
        ("worklist of 100, desk, overdue", desk, Filters(limit=100, overdue=True)),
        ("worklist of 100, desk, to screen", desk, Filters(limit=100, to_screen=True)),
        ("worklist of 100, desk, oldest open", desk, Filters(limit=100, sort=Sort.OLDEST, statuses=OPEN)),
        ("worklist of 100, crew, due", crew, Filters(limit=100, sort=Sort.DUE, statuses=OPEN)),
    ):
        yield name, [lambda a=actor, f=filters: worklist(session, a, f, "ja")] * 20


if __name__ == "__main__":
    main()
