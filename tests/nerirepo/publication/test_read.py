from datetime import timedelta
from uuid import UUID

import pytest

from nerirepo.database.db import public_reading, transaction
from nerirepo.publication import read
from nerirepo.publication.read import Filters
from nerirepo.reports.status import Status
from nerirepo.reports.tables import Report
from tests.factories.public_reports import MONDAY, add_photo, add_report, publish_now
from tests.support.statements import sent_statements

pytestmark = pytest.mark.usefixtures("database", "storage")


def published(*, photos: int = 0, **changes: object) -> Report:
    with transaction() as session:
        report = add_report(session, **changes)
        for position in range(photos):
            add_photo(session, report, position=position)
    publish_now(report.id)
    return report


def numbers(filters: Filters = Filters()) -> list[str]:
    with public_reading() as session:
        return [each["number"] for each in read.newest(session, filters).items]


def test_the_newest_come_first_and_pages_join_without_a_gap_or_a_repeat() -> None:
    made = [published(received_at=MONDAY + timedelta(minutes=minute // 2)) for minute in range(7)]
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        with public_reading() as session:
            page = read.newest(session, cursor=cursor, limit=2)
        seen += [each["number"] for each in page.items]
        cursor = page.next_cursor
    assert cursor is None
    assert seen == [
        each.number for each in sorted(made, key=lambda it: (it.received_at, it.id), reverse=True)
    ]


@pytest.mark.parametrize("cursor", ["x", "あ", "====", "A" * 500, "f" * 32, "?", "Q" * 33])
def test_a_cursor_that_was_never_given_out_is_refused(cursor: str) -> None:
    with public_reading() as session, pytest.raises(read.CursorInvalid):
        read.newest(session, cursor=cursor)


def test_reports_are_found_by_kind_status_town_place_and_words() -> None:
    lamp = published(public_text="街路灯の100%が消灯")
    pothole = published(
        category_code="road.pothole",
        status=Status.IN_PROGRESS,
        town="旭丘一丁目",
        location="SRID=4326;POINT(139.675 35.734)",
        public_text="道路に穴",
    )
    assert numbers() == [pothole.number, lamp.number]
    assert numbers(Filters.parse(category="road.pothole")) == [pothole.number]
    assert numbers(Filters.parse(status="before")) == [lamp.number]
    assert numbers(Filters.parse(status="in_progress")) == [pothole.number]
    assert numbers(Filters.parse(town="旭丘一丁目")) == [pothole.number]
    assert numbers(Filters.parse(bbox="139.67,35.73,139.68,35.74")) == [pothole.number]
    assert numbers(Filters.parse(q="に穴")) == [pothole.number]
    assert numbers(Filters.parse(q="100%が")) == [lamp.number]
    assert numbers(Filters.parse(q="0_%")) == []
    assert numbers(Filters.parse(q=lamp.number.lower())) == [lamp.number]
    assert numbers(Filters.parse(q="", category="", town=None)) == [pothole.number, lamp.number]


@pytest.mark.parametrize(
    "given",
    [
        {"status": "fixed"},
        {"category": "Road"},
        {"category": "road'--"},
        {"bbox": "1,2,3"},
        {"bbox": "nan,0,1,1"},
        {"bbox": "0,0,1,inf"},
        {"bbox": "0,0,1,91"},
        {"q": "x" * 101},
        {"town": "\ud800"},
    ],
)
def test_a_wrong_filter_is_refused_by_name(given: dict[str, str]) -> None:
    with pytest.raises(read.FilterInvalid) as refused:
        Filters.parse(**given)
    assert refused.value.faults[0].field == next(iter(given))


def test_a_report_is_found_by_its_number_and_by_its_id() -> None:
    report = published()
    with public_reading() as session:
        assert read.one(session, report.number) == read.one(session, str(report.id))
        assert read.one(session, "NR-2026-999999") is None
        assert read.one(session, str(UUID(int=1))) is None


def test_the_same_kind_of_report_nearby_is_offered_nearest_first() -> None:
    near = published(location="SRID=4326;POINT(139.6523 35.73580)")
    nearest = published(location="SRID=4326;POINT(139.6523 35.73571)")
    published(location="SRID=4326;POINT(139.6523 35.73680)")
    published(category_code="graffiti")
    published(hides_point=True)
    long_closed = MONDAY - timedelta(days=60)
    published(status=Status.RESOLVED, received_at=long_closed, closed_at=long_closed)
    with public_reading() as session:
        found = read.nearby(session, 35.7357, 139.6523, "lamp.out")
        assert [(each["number"], each["metres"]) for each in found] == [
            (nearest.number, 1),
            (near.number, 11),
        ]
        assert len(read.nearby(session, 35.7357, 139.6523, metres=200)) == 4


def test_each_question_sends_one_statement_however_long_the_answer() -> None:
    reports = [published(photos=1) for _ in range(3)]
    with sent_statements() as sent, public_reading() as session:
        read.newest(session)
        read.one(session, reports[0].number)
        read.nearby(session, 35.7357, 139.6523)
        read.ward(session)
        read.around(session, read.Centre(35.7357, 139.6523), 800, 500)
        read.picture(session, "x.webp")
    assert len(sent) == 6


def test_the_lines_around_a_point_are_drawn_from_it_in_metres() -> None:
    with public_reading() as session:
        centre = read.centre_of_town(session, "豊玉北六丁目")
        assert centre
        shapes = read.around(session, centre, 800, 500)
    towns = {shape.name: shape for shape in shapes if shape.layer == "towns"}
    assert abs(towns["豊玉北六丁目"].x) < 1
    assert abs(towns["豊玉北六丁目"].y) < 1
    assert all(abs(shape.x) <= 801 and abs(shape.y) <= 501 for shape in shapes)
    boundary = [shape for shape in shapes if shape.layer == "boundary"]
    assert boundary
    assert boundary[0].path.startswith("M")
