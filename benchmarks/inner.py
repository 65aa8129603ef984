"""How fast are residents and staff served, and how near to what this machine can do at all?

    .venv/bin/python -m benchmarks.inner [--sizes 10000,100000] [--seconds 2]

Prints Markdown: docs/performance.md.
"""

import random
from collections.abc import Iterator
from itertools import cycle, islice
from uuid import UUID

from sqlmodel import Session, col, select

from benchmarks import arguments, fill, fill_reports, inner_requests, stage, table
from benchmarks.ask import get, turn
from benchmarks.table import Kind
from nerirepo.base.ids import uuid7
from nerirepo.database.db import engine, transaction
from nerirepo.photos.announce import Announcement, Owner, announce
from nerirepo.photos.tables import OwnerKind
from nerirepo.reporters import devices
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.tables import Report, ReportOriginal
from nerirepo.staff import sessions
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member

PEOPLE = 400
"""Who post in turn: each may post some hundred times an hour."""
DIFFERENT = 40


def main() -> None:
    asked = arguments.given(__doc__)
    with stage.staged() as staged:
        for size in asked.sizes:
            fill_reports.fill(staged.superuser, size)
            fill.fill(staged.superuser, size)
            engine().dispose()
            with transaction() as session:
                kinds = asked.wanted(list(_kinds(session)))
            print(f"\n## {size:,} reports")
            table.report(staged, kinds, asked.seconds)


def _kinds(session: Session) -> Iterator[Kind]:
    dice = random.Random(1)
    people = session.exec(select(Reporter).limit(PEOPLE)).all()
    tokens = {each.id: _bearer(devices.add(session, each)[0]) for each in people}
    desk = _bearer(_member(session, Role.DESK))
    crew = _bearer(_member(session, Role.FIELD))
    newest = session.exec(select(Report.id).order_by(col(Report.received_at).desc()).limit(DIFFERENT)).all()
    theirs = session.exec(
        select(ReportOriginal.report_id, ReportOriginal.reporter_id)
        .where(col(ReportOriginal.reporter_id).in_(list(tokens)[:DIFFERENT]))
        .limit(DIFFERENT)
    ).all()

    posting = cycle(tokens.items())
    photos = _photos(session, list(tokens), 4000)
    yield Kind("create report", lambda: inner_requests.post(dice, next(posting)[1], []), stays=frozenset())
    with_photo = cycle(photos[: len(photos) // 2])
    yield Kind(
        "create report, photo",
        lambda: inner_requests.post(dice, *_with(next(with_photo), tokens)),
        stays=frozenset(photo for photo, _ in photos),
    )
    again = [inner_requests.post(dice, headers, []) for headers in islice(tokens.values(), DIFFERENT)]
    yield Kind(
        "same report again",
        turn(again),
        stays=frozenset(UUID(each.path.rpartition("/")[2]) for each in again),
    )
    yield Kind("photo announced", lambda: inner_requests.announce(next(posting)[1]), stays=frozenset())
    urls = iter(photos[len(photos) // 2 :])
    yield Kind(
        "photo's bytes",
        lambda: inner_requests.send_bytes(next(urls)[0]),
        stays=frozenset(photo for photo, _ in photos),
        bare=False,
    )
    yield Kind("lookup", turn([inner_requests.look_up(dice) for _ in range(DIFFERENT)]))
    yield Kind(
        "own reports",
        turn([get("/v1/me/reports", **headers) for headers in islice(tokens.values(), DIFFERENT)]),
    )
    yield Kind(
        "own report",
        turn([get(f"/v1/reports/{report}", **tokens[person]) for report, person in theirs if person]),
    )
    yield Kind(
        "changes", turn([get("/v1/changes", **headers) for headers in islice(tokens.values(), DIFFERENT)])
    )
    yield Kind("worklist of 100, desk", turn([get("/staff/reports?limit=100", **desk)]))
    yield Kind(
        "worklist of 100, crew, due",
        turn([get("/staff/reports?limit=100&sort=due&status=received,checking,in_progress", **crew)]),
    )
    yield Kind("staff detail", turn([get(f"/staff/reports/{each}", **desk) for each in newest]))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _member(session: Session, role: Role) -> str:
    member = session.exec(select(Member).where(Member.role == role)).first()
    assert member
    return sessions.open_session(session, member.id)[0]


def _photos(session: Session, people: list[UUID], count: int) -> list[tuple[UUID, UUID]]:
    """Photos that were announced, and by whom."""
    announcement = inner_requests.announcement()
    made = [(uuid7(), person) for _, person in zip(range(count), cycle(people), strict=False)]
    for photo, person in made:
        announce(session, Owner(OwnerKind.REPORTER, person), photo, Announcement(**announcement))
    return made


def _with(photo: tuple[UUID, UUID], tokens: dict[UUID, dict[str, str]]) -> tuple[dict[str, str], list[UUID]]:
    return tokens[photo[1]], [photo[0]]


if __name__ == "__main__":
    main()
