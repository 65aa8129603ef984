from collections.abc import Iterator
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from nerirepo.database.db import public_reading, reading, transaction
from nerirepo.publication import grid, read
from nerirepo.publication.grid import WORLD, Tile
from nerirepo.reports.status import PublicGroup, Status, Visibility
from nerirepo.reports.tables import Report
from tests.factories.public_reports import add_event, add_report, publish_now
from tests.support.vector_tile import Feature, layers

pytestmark = pytest.mark.usefixtures("database", "storage")

LAT, LON = 35.7357, 139.6523


def published(lat: float = LAT, lon: float = LON, **changes: object) -> Report:
    with transaction() as session:
        report = add_report(session, location=f"SRID=4326;POINT({lon} {lat})", **changes)
    publish_now(report.id)
    return report


def tile_of(z: int, lat: float = LAT, lon: float = LON) -> Tile:
    place = grid.place(lat, lon)
    return Tile(z, place.x >> (32 - z), place.y >> (32 - z))


def shown(z: int, **filters: object) -> list[Feature]:
    with public_reading() as session:
        return layers(read.tile(session, tile_of(z), **filters)).get("reports", [])  # type: ignore[arg-type]


def hide(report_id: UUID) -> None:
    with transaction() as session:
        session.get_one(Report, report_id).visibility = Visibility.HIDDEN


@given(st.floats(-85, 85), st.floats(-180, 179.999), st.integers(0, 22))
def test_a_point_s_cell_lies_in_the_range_of_each_tile_around_it(lat: float, lon: float, z: int) -> None:
    place = grid.place(lat, lon)
    tile = tile_of(z, lat, lon)
    first, after = tile.cells()
    assert first <= place.cell < after
    west, south, east, north = tile.bounds
    assert west - 1e-6 <= lon <= east + 1e-6
    assert south - 1e-6 <= lat <= north + 1e-6
    assert 0 <= place.x < WORLD


@pytest.mark.parametrize("z", [0, 5, 9, 10, 13, 16, 17, 18, 20, 22])
def test_one_report_is_itself_at_every_zoom_and_where_it_lies(z: int) -> None:
    report = published()
    (feature,) = shown(z)
    assert feature["number"] == report.number
    assert (feature["status_group"], feature["category"], feature["kind"]) == ("before", "lamp.out", "road")
    place, tile = grid.place(LAT, LON), tile_of(z)
    for along, where, corner in zip(feature["at"], (place.x, place.y), (tile.x, tile.y), strict=True):
        assert abs(along - (where - corner * tile.units) * 4096 / tile.units) <= 1


def test_neighbours_are_one_feature_until_one_is_near_enough() -> None:
    published()
    published(LAT + 0.0001, LON + 0.0001, status=Status.IN_PROGRESS)
    published(LAT + 0.0001, LON + 0.0001, status=Status.RESOLVED)
    for z in (5, 12, 16):
        (cluster,) = shown(z)
        assert (cluster["count"], cluster["before"], cluster["during"], cluster["after"]) == (3, 1, 1, 1)
        assert "number" not in cluster
    assert len(shown(18)) == 3


@pytest.mark.parametrize("z", [5, 12, 16, 17])
def test_where_none_is_in_a_group_its_number_is_0_at_every_zoom(z: int) -> None:
    published()
    published()
    (cluster,) = shown(z)
    assert (cluster["count"], cluster["before"], cluster["during"], cluster["after"]) == (2, 2, 0, 0)


@pytest.mark.parametrize("category", ["zzz", "road.pothole"])
def test_a_tile_of_what_is_no_top_category_is_refused_and_not_empty(
    client: TestClient, category: str
) -> None:
    path = "/v1/public/tiles/10/909/402.mvt"
    problem = client.get(path, params={"category": category})
    assert (problem.status_code, problem.json()["code"]) == (422, "filter_invalid")
    assert [each["field"] for each in problem.json()["errors"]] == ["category"]
    assert client.get(path, params={"category": "road"}).status_code == 200


@pytest.mark.parametrize("z", [12, 17])  # from counts that are kept, and counted now
def test_two_groups_that_meet_at_the_edge_of_their_cells_do_not_cover_each_other(z: int) -> None:
    tile = tile_of(z)
    side = tile.units // 8
    edge = tile.x * tile.units + 3 * side
    row = tile.y * tile.units + 3 * side + side // 2
    for x in (edge - side // 50, edge + side // 50):
        lon, lat = x / WORLD * 360 - 180, grid.latitude(row / WORLD)
        published(lat, lon)
        published(lat, lon)
    west, east = sorted(feature["at"] for feature in shown(z))
    assert east[0] - west[0] >= 0.6 * 512 - 2  # pixels of 1/16: 38, and a circle is 32 wide
    assert west[1] == east[1]


def test_a_tile_is_filtered_by_group_and_top_category() -> None:
    lamp = published()
    published(LAT + 0.0001, status=Status.RESOLVED, category_code="graffiti")
    for z in (11, 17, 18):
        assert [each["number"] for each in shown(z, status_group=PublicGroup.BEFORE)] == [lamp.number]
        assert [each["number"] for each in shown(z, kind="road")] == [lamp.number]
        assert shown(z, kind="road", status_group=PublicGroup.AFTER) == []


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.DECLINED, Status.HANDED_OVER])
def test_every_tile_tells_what_was_repaired_from_what_was_not(status: Status) -> None:
    published(status=status)
    for z in (5, 12, 16, 18):  # from counts that are kept, counted now, and each by itself
        (feature,) = shown(z)
        assert (feature["status_group"], feature["status"]) == ("after", status)


def test_what_is_hidden_is_gone_from_every_tile_at_once() -> None:
    stays, goes = published(), published(LAT + 0.0001)
    hide(goes.id)
    for z in (5, 10, 14, 17, 18):
        assert [each["number"] for each in shown(z)] == [stays.number]


def test_a_report_near_a_home_is_on_no_tile() -> None:
    published(hides_point=True)
    assert shown(5) == shown(18) == []


def counts_are_right() -> Iterator[bool]:
    """Does each level say what the reports say?"""
    with reading() as session:
        for level in (0, *read_levels()):
            there = session.execute(
                text(
                    """
                    SELECT cell, status_group, kind, count, map_x, map_y FROM published.cell_count
                    WHERE level = :level ORDER BY 1, 2, 3
                    """
                ),
                {"level": level},
            ).all()
            counted = session.execute(
                text(
                    """
                    SELECT CASE :level WHEN 0 THEN 0 ELSE cell >> (2 * (24 - :level)) END, status_group, kind,
                        count(*), coalesce(sum(map_x), 0), coalesce(sum(map_y), 0)
                    FROM published.report WHERE cell IS NOT NULL OR :level = 0
                    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                    """
                ),
                {"level": level},
            ).all()
            yield there == counted


def read_levels() -> range:
    from nerirepo.publication.read.tiles import COUNTED_LEVELS

    return COUNTED_LEVELS


def test_the_counts_stay_right_through_a_report_s_life() -> None:
    reports = [published(LAT + step * 0.001, hides_point=step == 3) for step in range(4)]
    with transaction() as session:
        moved = session.get_one(Report, reports[0].id)
        moved.location = "SRID=4326;POINT(139.6 35.74)"
        moved.category_code = "graffiti"
        add_event(session, session.get_one(Report, reports[1].id), "accept", to=Status.CHECKING)
    for report in reports:
        publish_now(report.id)
    assert all(counts_are_right())
    hide(reports[2].id)
    hide(reports[3].id)
    assert all(counts_are_right())
    for report in reports:
        hide(report.id)
    assert all(counts_are_right())
    with reading() as session:
        assert session.execute(text("SELECT count(*) FROM published.cell_count")).scalar() == 0


def test_the_revision_changes_with_whatever_is_published_and_with_nothing_else() -> None:
    def now() -> str:
        with public_reading() as session:
            return read.revision(session)

    revisions = [now()]
    report = published()
    revisions.append(now())
    publish_now(report.id)  # nothing new
    assert now() == revisions[-1]
    hide(report.id)
    revisions.append(now())
    assert len(set(revisions)) == 3


def test_every_published_table_tells_that_it_has_changed() -> None:
    with reading() as session:
        silent = session.execute(
            text(
                """
                SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                WHERE relkind = 'r'
                    AND (nspname = 'published' AND relname NOT IN ('cell_count', 'revision')
                        OR nspname = 'public' AND relname IN ('ward', 'category'))
                    AND NOT EXISTS (SELECT FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
                        WHERE tgrelid = pg_class.oid AND proname = 'revise')
                """
            )
        )
        assert silent.scalars().all() == [], "give it a trigger that calls published.revise()"


@pytest.mark.parametrize(
    "address", [("-1", "0", "0"), ("1", "2", "0"), ("x", "0", "0"), ("23", "0", "0"), ("1", "0", "9" * 40)]
)
def test_what_is_no_tile_is_not_found(address: tuple[str, str, str]) -> None:
    with pytest.raises(read.TileUnknown):
        read.tile_at(*address)


def test_the_ground_of_the_map_is_the_ward_s_own_lines() -> None:
    with public_reading() as session:
        ground = {
            name for name in (b"boundary", b"towns", b"roads") if name in read.lines(session, tile_of(14))
        }
        assert ground >= {b"towns"}
        assert b"boundary" in read.lines(session, tile_of(10))
        assert read.lines(session, Tile(10, 0, 0)) == b""
