"""Who is responsible? The routing rules, without a database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nerirepo.catalogue.tables import ManagerKind
from nerirepo.places.facts import Facility, Neighbour, Park, PlaceFacts, Road
from nerirepo.places.routing import (
    LEAST_CONFIDENCE,
    CategoryFacts,
    Decision,
    Manager,
    Rule,
    covers,
    decide,
)

DEPARTMENTS = frozenset({"roads", "parks", "desk"})
MANAGERS = {
    "tokyo_roads": Manager(ManagerKind.TOKYO, {"ja": "東京都", "en": "Tokyo"}),
    "tokyo_parks": Manager(ManagerKind.TOKYO, {"ja": "東京都", "en": "Tokyo"}),
    "itabashi": Manager(ManagerKind.NEIGHBOUR, {"ja": "板橋区", "en": "Itabashi City"}),
}
POTHOLE = CategoryFacts("road.pothole", {"ja": "道路の穴", "en": "Pothole"}, "roads")
SWING = CategoryFacts("park.equipment", {"ja": "遊具", "en": "Play equipment"}, "parks")
SIGN = CategoryFacts("road.sign", {"ja": "標識", "en": "Sign"}, None)


def place(**known: Any) -> PlaceFacts:
    given = {"lat": 35.74, "lon": 139.62, "inside": True, "border": False, "distance_outside_m": 0.0}
    return PlaceFacts(**(given | known))


def rule(*, department: str | None = None, manager: str | None = None, **given: Any) -> Rule:
    known = {
        "name": "a rule",
        "then": {"department": department, "manager": manager},
        "confidence": 0.9,
        "reason": {"ja": "きまり", "en": "a rule"},
    }
    return Rule.model_validate(known | given)


def decided(
    facts: PlaceFacts,
    category: CategoryFacts | None = POTHOLE,
    answers: dict[str, Any] | None = None,
    rules: tuple[Rule, ...] = (),
) -> Decision:
    return decide(
        facts, category, answers or {}, rules, triage="desk", departments=DEPARTMENTS, managers=MANAGERS
    )


TOKYO_ROAD = rule(
    manager="tokyo_roads",
    when={"category": ["road.*"], "road_class": ["都道"], "within_m": 10},
    reason={"ja": "{road}から{distance} m", "en": "{distance} m from {road}"},
)
TOKYO_PARK = rule(
    manager="tokyo_parks",
    when={"category": "park.*", "park_owner": "都立"},
    reason={"ja": "{park}({owner})の中", "en": "inside {park} ({owner})"},
)


def test_a_pothole_on_a_metropolitan_road_goes_to_the_desk_to_be_handed_over_with_the_reason() -> None:
    found = decided(place(roads=(Road("都道311号", "都道", 20, 5.6),)), rules=(TOKYO_ROAD,))
    assert (found.manager, found.kind, found.department) == ("tokyo_roads", ManagerKind.TOKYO, "desk")
    assert found.reason == {"ja": "都道311号から6 m", "en": "6 m from 都道311号"}
    assert not found.to_triage


@pytest.mark.parametrize(
    ("width_m", "distance_m", "is_tokyo"),
    [
        (8, 9.9, True),
        (8, 10.0, True),
        (8, 10.1, False),
        (None, 10.0, True),
        (None, 11.0, False),
        pytest.param(25, 12.4, True, id="the pavement of a wide road is further from its middle"),
        (25, 12.6, False),
    ],
)
def test_a_road_reaches_as_far_as_the_rule_says_or_as_it_is_wide(
    width_m: float | None, distance_m: float, is_tokyo: bool
) -> None:
    found = decided(place(roads=(Road("都道8号", "都道", width_m, distance_m),)), rules=(TOKYO_ROAD,))
    assert (found.manager == "tokyo_roads") is is_tokyo


def test_a_side_street_beside_a_metropolitan_road_is_not_that_road() -> None:
    side, main = Road("区道1号", "区道", 6, 2.0), Road("都道8号", "都道", 12, 9.0)
    assert decided(place(roads=(side, main)), rules=(TOKYO_ROAD,)).manager is None
    assert decided(place(roads=(main,)), rules=(TOKYO_ROAD,)).manager == "tokyo_roads"


def test_where_two_roads_cross_the_order_of_the_rules_decides() -> None:
    crossing = place(roads=(Road("区道1号", "区道", 6, 1.0), Road("都道8号", "都道", 12, 4.0)))
    own = rule(department="roads", when={"road_class": "区道", "within_m": 10})
    assert decided(crossing, rules=(TOKYO_ROAD, own)).manager == "tokyo_roads"
    assert decided(crossing, rules=(own, TOKYO_ROAD)).manager is None


@pytest.mark.parametrize("kind", ManagerKind)
def test_only_what_is_somebodys_own_may_be_a_home(kind: ManagerKind) -> None:
    theirs = rule(manager="theirs", when={"category": ["road.*"]})
    found = decide(
        place(),
        POTHOLE,
        {},
        (theirs,),
        triage="desk",
        departments=DEPARTMENTS,
        managers={"theirs": Manager(kind, {})},
    )
    assert found.may_be_home is (kind is ManagerKind.PRIVATE)
    assert not decided(place()).may_be_home


def test_play_equipment_goes_by_the_owner_of_the_park() -> None:
    metropolitan = decided(place(parks=(Park("光が丘公園", "都立"),)), SWING, rules=(TOKYO_PARK,))
    own = decided(place(parks=(Park("武蔵関公園", "区立"),)), SWING, rules=(TOKYO_PARK,))
    assert metropolitan.reason == {"ja": "光が丘公園(都立)の中", "en": "inside 光が丘公園 (都立)"}
    assert (metropolitan.manager, own.manager, own.department) == ("tokyo_parks", None, "parks")


def test_of_two_parks_the_reason_names_the_one_that_the_rule_means() -> None:
    parks = (Park("武蔵関公園", "区立"), Park("石神井公園", "都立"))
    assert decided(place(parks=parks), SWING, rules=(TOKYO_PARK,)).reason["ja"] == "石神井公園(都立)の中"


def test_without_a_rule_it_is_the_category_s_own_department() -> None:
    found = decided(place())
    assert (found.department, found.kind, found.manager) == ("roads", "ward", None)
    assert found.reason["ja"] == "種類「道路の穴」の担当です"
    assert "Pothole" in found.reason["en"]


@pytest.mark.parametrize("category", [SIGN, CategoryFacts("road.old", {"ja": "昔"}, "closed_office"), None])
def test_where_nothing_says_who_it_is_triage_and_never_nobody(category: CategoryFacts | None) -> None:
    found = decided(place(), category)
    assert (found.department, found.to_triage, found.confidence) == ("desk", True, 0.0)
    assert found.reason["ja"]
    assert found.reason["en"]


def test_the_first_rule_that_fits_decides() -> None:
    first, second = rule(department="parks"), rule(department="roads")
    assert decided(place(), rules=(first, second)).department == "parks"
    assert decided(place(), rules=(second, first)).department == "roads"


def test_an_answer_can_decide() -> None:
    signals = rule(
        manager="tokyo_roads", when={"category": ["road.sign"], "answers": {"kind": ["signal", "stop"]}}
    )
    assert decided(place(), SIGN, {"kind": "stop"}, (signals,)).manager == "tokyo_roads"
    assert decided(place(), SIGN, {"kind": "guide"}, (signals,)).manager is None
    assert decided(place(), SIGN, {}, (signals,)).manager is None


def test_true_is_not_the_number_one() -> None:
    number = rule(department="parks", when={"answers": {"count": 1}})
    yes = rule(department="parks", when={"answers": {"count": True}})
    assert decided(place(), POTHOLE, {"count": 1}, (number,)).department == "parks"
    assert decided(place(), POTHOLE, {"count": True}, (number,)).department == "roads"
    assert decided(place(), POTHOLE, {"count": 1}, (yes,)).department == "roads"


def test_a_facility_nearby_can_be_asked_for_or_excluded() -> None:
    near = place(facilities=(Facility("図書館", "図書館", 12.0),))
    assert decided(near, rules=(rule(department="parks", when={"facility": True}),)).department == "parks"
    assert decided(near, rules=(rule(department="parks", when={"facility": False}),)).department == "roads"
    assert decided(place(), rules=(rule(department="parks", when={"facility": True}),)).department == "roads"


def test_an_office_that_is_no_more_sends_it_to_triage_and_not_to_the_next_rule() -> None:
    for gone in (rule(department="closed"), rule(manager="forgotten")):
        found = decided(place(), rules=(gone, rule(department="parks")))
        assert (found.department, found.manager, found.to_triage) == ("desk", None, True)


def test_a_rule_that_is_not_sure_leaves_it_to_a_person() -> None:
    found = decided(place(), rules=(rule(department="roads", confidence=LEAST_CONFIDENCE - 0.1),))
    assert (found.department, found.to_triage) == ("desk", True)


def test_outside_the_ward_the_neighbour_is_responsible_whatever_the_rules_say() -> None:
    there = place(inside=False, distance_outside_m=800.0, neighbour=Neighbour("板橋区", "131199", "itabashi"))
    found = decided(there, rules=(rule(department="roads"),))
    assert (found.kind, found.manager, found.department) == (ManagerKind.NEIGHBOUR, "itabashi", "desk")
    assert found.reason["ja"] == "板橋区の中です"
    assert found.reason["en"] == "inside Itabashi City"


def test_a_neighbour_without_an_entry_is_named_all_the_same() -> None:
    there = place(inside=False, distance_outside_m=800.0, neighbour=Neighbour("三鷹市"))
    found = decided(there)
    assert (found.kind, found.manager) == (ManagerKind.NEIGHBOUR, None)
    assert found.reason["ja"] == "三鷹市の中です"


def test_just_outside_a_person_decides() -> None:
    there = place(inside=False, border=True, distance_outside_m=30.0, neighbour=Neighbour("板橋区"))
    found = decided(there, rules=(rule(department="roads"),))
    assert (found.department, found.kind, found.to_triage) == ("desk", "ward", True)
    assert "30" in found.reason["ja"]


@pytest.mark.parametrize(
    ("pattern", "code", "does"),
    [
        ("road.*", "road.pothole", True),
        ("road.*", "road", False),
        ("road.*", "roads.pothole", False),
        ("road.pothole", "road.pothole", True),
        ("road", "road.pothole", False),
    ],
)
def test_a_star_stands_for_all_that_begin_so(pattern: str, code: str, does: bool) -> None:
    assert covers(pattern, code) is does


@pytest.mark.parametrize(
    "given",
    [
        {"when": {"road_class": ["都道"]}},
        {"when": {"within_m": 10}},
        {"when": {"road_class": ["都道"], "within_m": 31}},
        {"when": {"weather": "rain"}},
        {"then": {}},
        {"then": {"department": "roads", "manager": "tokyo_roads"}},
        {"reason": {"ja": "日本語だけ"}},
        {"reason": {"ja": "{park}", "en": "x"}},
        {"reason": {"ja": "{weather}", "en": "x"}},
        {"when": {"park_owner": "都立"}, "reason": {"ja": "{park.__class__}", "en": "x"}},
        {"when": {"park_owner": "都立"}, "reason": {"ja": "{park!r}", "en": "x"}},
        {"when": {"park_owner": "都立"}, "reason": {"ja": "{", "en": "x"}},
        {"confidence": 1.1},
    ],
)
def test_a_rule_that_could_not_be_followed_or_told_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(department=None if "then" in given else "roads", **given)


owners, classes = st.sampled_from(["都立", "区立"]), st.sampled_from(["区道", "都道", "国道", "私道"])
parks = st.builds(Park, st.sampled_from(["甲公園", "{park}"]), owners)
roads = st.builds(Road, st.just("ある道"), classes, st.none() | st.floats(1, 40), st.floats(0, 30))
neighbours = st.none() | st.builds(
    Neighbour, st.just("板橋区"), st.none(), st.sampled_from([None, "itabashi", "x"])
)
places = st.builds(
    place,
    inside=st.booleans(),
    border=st.booleans(),
    distance_outside_m=st.floats(0, 5000),
    neighbour=neighbours,
    parks=st.lists(parks, max_size=2).map(tuple),
    roads=st.lists(roads, max_size=3).map(tuple),
    facilities=st.lists(
        st.builds(Facility, st.just("図書館"), st.just(""), st.floats(0, 30)), max_size=1
    ).map(tuple),
)
conditions = st.fixed_dictionaries(
    {},
    optional={
        "category": st.lists(st.sampled_from(["road.*", "road.pothole", "park.*"]), min_size=1, max_size=2),
        "park_owner": owners,
        "facility": st.booleans(),
        "answers": st.dictionaries(
            st.sampled_from(["kind", "size"]), st.sampled_from(["a", 1, True]), max_size=2
        ),
    },
)
rules_of_any_kind = st.builds(
    lambda then, when, road, confidence: rule(**then, when=when | road, confidence=confidence),
    st.sampled_from(
        [{"department": "roads"}, {"department": "gone"}, {"manager": "tokyo_roads"}, {"manager": "x"}]
    ),
    conditions,
    st.just({})
    | st.builds(lambda kind, far: {"road_class": kind, "within_m": far}, classes, st.floats(1, 30)),
    st.floats(0, 1),
)
tables = st.lists(rules_of_any_kind, max_size=6).map(tuple)
categories = st.sampled_from([None, POTHOLE, SWING, SIGN])
answers = st.dictionaries(
    st.sampled_from(["kind", "size"]), st.sampled_from(["a", "b", 1, 1.0, True, None]), max_size=2
)


@given(places, categories, answers, tables)
def test_somebody_has_it_in_hand_and_says_why_whatever_comes(
    facts: PlaceFacts, category: CategoryFacts | None, given: dict[str, Any], table: tuple[Rule, ...]
) -> None:
    found = decided(facts, category, given, table)
    assert found.department in DEPARTMENTS
    assert found.manager is None or found.manager in MANAGERS
    assert (found.manager is None) or found.department == "desk"
    assert (found.kind == "ward") is (
        found.manager is None and (facts.inside or facts.border or found.to_triage)
    )
    assert not found.to_triage or found.department == "desk"
    assert 0 <= found.confidence <= 1
    assert all(found.reason[language] for language in ("ja", "en"))


@given(places, categories, answers, tables)
def test_the_same_facts_give_the_same_decision_and_are_left_as_they_were(
    facts: PlaceFacts, category: CategoryFacts | None, given: dict[str, Any], table: tuple[Rule, ...]
) -> None:
    before = dict(given)
    assert decided(facts, category, given, table) == decided(facts, category, given, table)
    assert given == before


@given(places, categories, answers, tables, tables)
def test_rules_below_the_one_that_decides_change_nothing(
    facts: PlaceFacts,
    category: CategoryFacts | None,
    given: dict[str, Any],
    table: tuple[Rule, ...],
    below: tuple[Rule, ...],
) -> None:
    catch_all = rule(department="parks")
    above = decided(facts, category, given, (*table, catch_all))
    assert decided(facts, category, given, (*table, catch_all, *below)) == above
