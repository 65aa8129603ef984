"""How fast are residents and staff served, and how near to what this machine can do at all?

    .venv/bin/python -m benchmarks.inner [--sizes 10000,100000] [--seconds 2]

Prints Markdown: docs/performance.md.
"""

import hashlib
import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select

from benchmarks import arguments, fill, fill_reports, stage, table
from benchmarks.ask import Request, get, put, turn
from benchmarks.table import Kind
from nerirepo import clock
from nerirepo.db import engine, transaction
from nerirepo.ids import uuid7
from nerirepo.photos import links
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
PICTURE = b"\xff\xd8" + bytes(200_000)
"""The size of a photo that a phone has made small. What is in it is looked at later, by a worker."""


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
    yield Kind("create report", lambda: _post(dice, next(posting)[1], []), stays=frozenset())
    with_photo = cycle(photos[: len(photos) // 2])
    yield Kind(
        "create report, photo",
        lambda: _post(dice, *_with(next(with_photo), tokens)),
        stays=frozenset(photo for photo, _ in photos),
    )
    again = [_post(dice, headers, []) for headers in islice(tokens.values(), DIFFERENT)]
    yield Kind(
        "same report again",
        turn(again),
        stays=frozenset(UUID(each.path.rpartition("/")[2]) for each in again),
    )
    yield Kind("photo announced", lambda: _announce(next(posting)[1]), stays=frozenset())
    urls = iter(photos[len(photos) // 2 :])
    yield Kind(
        "photo's bytes",
        lambda: _bytes(next(urls)[0]),
        stays=frozenset(photo for photo, _ in photos),
        bare=False,
    )
    yield Kind("lookup", turn([_lookup(dice) for _ in range(DIFFERENT)]))
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


def _post(dice: random.Random, headers: dict[str, str], photos: list[UUID]) -> Request:
    lat, lon = dice.uniform(35.735, 35.745), dice.uniform(139.61, 139.66)
    content = {
        "category": dice.choice(fill.KINDS),
        "description": " ".join(dice.sample(fill.WORDS, 3)),
        "location": {"lat": lat, "lon": lon, "accuracy_m": 8.0, "source": "gps"},
        "photo_ids": [str(each) for each in photos],
        "observed_at": (clock.now() - timedelta(minutes=5)).isoformat(),
        "answers": {},
        "locale": "ja",
    }
    return put(f"/v1/reports/{uuid7()}", content, **headers)


def _photos(session: Session, people: list[UUID], count: int) -> list[tuple[UUID, UUID]]:
    """Photos that were announced, and by whom."""
    announcement = _announcement()
    made = [(uuid7(), person) for _, person in zip(range(count), cycle(people), strict=False)]
    for photo, person in made:
        announce(session, Owner(OwnerKind.REPORTER, person), photo, Announcement(**announcement))
    return made


def _with(photo: tuple[UUID, UUID], tokens: dict[UUID, dict[str, str]]) -> tuple[dict[str, str], list[UUID]]:
    return tokens[photo[1]], [photo[0]]


def _announcement() -> dict:
    return {
        "sha256": hashlib.sha256(PICTURE).hexdigest(),
        "bytes": len(PICTURE),
        "content_type": "image/jpeg",
    }


def _announce(headers: dict[str, str]) -> Request:
    return put(f"/v1/photos/{uuid7()}", _announcement(), **headers)


def _bytes(photo: UUID) -> Request:
    url = urlsplit(links._signed(f"/v1/photos/{photo}/bytes", clock.now() + links.UPLOAD_VALID_FOR))
    return Request("PUT", f"{url.path}?{url.query}", {"Content-Type": "image/jpeg"}, PICTURE)


def _lookup(dice: random.Random) -> Request:
    lat, lon = dice.uniform(35.735, 35.745), dice.uniform(139.61, 139.66)
    return get(f"/v1/places/lookup?lat={lat:.6f}&lon={lon:.6f}&category={dice.choice(fill.KINDS)}")


if __name__ == "__main__":
    main()
