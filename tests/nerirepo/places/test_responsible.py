"""Who looks after a place, by the ward's own rules and layers."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from nerirepo.base import clock
from nerirepo.catalogue.read import WardNotLoaded
from nerirepo.catalogue.tables import Department, ManagerKind
from nerirepo.database.db import reading, transaction
from nerirepo.places.responsible import (
    OutsideWard,
    PlaceNotInJapan,
    Responsible,
    require_inside_or_border,
    responsible,
)
from tests.support.statements import sent_statements

TOWN_HALL = (35.7356, 139.6522)
HIKARIGAOKA_PARK = (35.7640, 139.6300)
MUSASHISEKI_PARK = (35.7286, 139.5768)
KAMPACHI_ROAD = (35.7458, 139.6262)
IKEBUKURO = (35.7295, 139.7155)


def asked(
    place: tuple[float, float], category: str | None = "lamp.out", answers: dict[str, Any] | None = None
) -> Responsible:
    with reading() as session:
        return responsible(session, *place, category, answers or {})


def test_a_lamp_in_a_quiet_street_goes_to_the_lamps_because_of_its_kind(database: object) -> None:
    found = asked(TOWN_HALL)
    assert (found.decision.department, found.decision.kind) == ("lamps", "ward")
    assert "街路灯" in found.decision.reason["ja"]
    assert (found.office.code, found.office.names["ja"]) == ("lamps", "街路灯担当")
    assert found.office.contact["phone"]


def test_play_equipment_in_a_metropolitan_park_is_tokyo_s_and_the_desk_hands_it_over(
    database: object,
) -> None:
    found = asked(HIKARIGAOKA_PARK, "park.equipment")
    assert (found.decision.department, found.decision.manager) == ("desk", "tokyo_parks")
    assert found.decision.kind is ManagerKind.TOKYO
    assert "光が丘公園" in found.decision.reason["ja"]
    assert "光が丘公園" in found.decision.reason["en"]
    assert found.office.contact["url"].startswith("https://")


def test_play_equipment_in_a_park_of_the_ward_is_ours(database: object) -> None:
    found = asked(MUSASHISEKI_PARK, "park.equipment")
    assert (found.decision.department, found.decision.manager) == ("parks", None)


def test_a_pothole_on_a_metropolitan_road_is_tokyo_s(database: object) -> None:
    found = asked(KAMPACHI_ROAD, "road.pothole")
    assert found.decision.manager == "tokyo_roads"
    assert "都道" in found.decision.reason["ja"]


def test_an_answer_sends_a_traffic_signal_to_the_police(database: object) -> None:
    assert asked(TOWN_HALL, "road.sign", {"kind": "signal"}).decision.manager == "police"
    assert asked(TOWN_HALL, "road.sign", {"kind": "guide"}).decision.manager is None


@pytest.mark.parametrize("category", [None, "no.such_category"])
def test_without_a_category_the_desk_is_named(database: object, category: str | None) -> None:
    found = asked(TOWN_HALL, category)
    assert (found.office.code, found.decision.to_triage) == ("desk", True)


def test_outside_the_neighbour_is_named_with_its_contact_and_posting_there_is_refused(
    database: object,
) -> None:
    found = asked(IKEBUKURO)
    assert (found.decision.kind, found.office.code) == (ManagerKind.NEIGHBOUR, "toshima")
    assert found.office.contact["phone"]
    with pytest.raises(OutsideWard) as caught:
        require_inside_or_border(found.facts)
    assert caught.value.code == "outside_ward"
    assert caught.value.facts["neighbour"]["name"] == "豊島区"


@pytest.mark.parametrize(
    "place",
    [
        pytest.param((0.0, 0.0), id="a phone without a position"),
        pytest.param((-35.74, 139.65), id="the southern half of the world"),
        pytest.param((90.0, 180.0), id="the pole"),
    ],
)
def test_a_place_far_from_japan_is_refused_with_a_hint(database: object, place: tuple[float, float]) -> None:
    found = asked(place)
    assert (found.office.code, found.office.contact) == (None, {})
    with pytest.raises(PlaceNotInJapan, match="exchanged") as caught:
        require_inside_or_border(found.facts)
    assert caught.value.code == "place_not_in_japan"


def test_a_place_in_japan_of_which_nobody_knows_the_municipality_is_refused_all_the_same(
    database: object,
) -> None:
    found = asked((34.69, 135.50))
    with pytest.raises(OutsideWard) as caught:
        require_inside_or_border(found.facts)
    assert caught.value.facts == {}


def test_a_department_that_has_closed_is_not_sent_anything(database: object) -> None:
    with transaction() as session:
        session.execute(text("UPDATE department SET valid_until = '2026-04-30' WHERE code = 'lamps'"))
    try:
        found = asked(TOWN_HALL)
    finally:
        with transaction() as session:
            session.execute(text("UPDATE department SET valid_until = NULL WHERE code = 'lamps'"))
    assert (found.decision.department, found.decision.to_triage) == ("desk", True)


@pytest.mark.parametrize(
    ("first", "last", "works"),
    [(0, 0, True), (1, 9, False), (-9, -1, False)],
    ids=["today", "later", "before"],
)
def test_a_department_is_sent_reports_until_the_end_of_its_last_day(
    database: object, first: int, last: int, works: bool
) -> None:
    today = clock.today_in_japan()

    def set_days(since: date, until: date | None) -> date:
        with transaction() as session:
            lamps = session.get_one(Department, "lamps")
            before, lamps.valid_from, lamps.valid_until = lamps.valid_from, since, until
            return before

    before = set_days(today + timedelta(days=first), today + timedelta(days=last))
    try:
        found = asked(TOWN_HALL)
    finally:
        set_days(before, None)
    assert found.decision.department == ("lamps" if works else "desk")


def test_before_the_ward_is_loaded_nobody_is_asked(bare_database: object) -> None:
    with transaction() as session:
        session.execute(
            text(
                "WITH version AS (INSERT INTO layer_version"
                " (layer, source, sha256, features, is_active, is_approximate, loaded_at)"
                " VALUES ('boundary', '', '', 1, true, false, now()) RETURNING id)"
                " INSERT INTO place_feature (version_id, layer, name, properties, shape)"
                " SELECT id, 'boundary', '区', '{}', ST_MakeEnvelope(139, 35, 140, 36, 4326) FROM version"
            )
        )
    with pytest.raises(WardNotLoaded) as caught:
        asked(TOWN_HALL)
    assert caught.value.retryable


def test_it_takes_two_statements(database: object) -> None:
    with sent_statements() as sent:
        asked(HIKARIGAOKA_PARK, "park.equipment")
    assert len(sent) == 2
