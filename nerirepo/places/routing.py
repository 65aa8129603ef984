"""Who is responsible? Facts of a place, a category and answers go in; an office comes out, with the reason.

Rules are read from the top and the first that fits decides. Where none fits it is the category's own
department; where that says nothing, triage. Never nobody.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from nerirepo.catalogue.manager_kind import ManagerKind
from nerirepo.places.facts import NEAR_M, Park, PlaceFacts, Road
from nerirepo.words.fields import Text
from nerirepo.words.language import LANGUAGES, STAFF_LANGUAGES, name, translator

WARD: Literal["ward"] = "ward"

CATEGORY_CONFIDENCE = 0.6
"""The kind of thing is known and the place told nothing."""
NEIGHBOUR_CONFIDENCE = 0.9
LEAST_CONFIDENCE = 0.5
"""Below this a person decides."""

PLACEHOLDERS = {"park": "park_owner", "owner": "park_owner", "road": "road_class", "distance": "road_class"}
"""What a reason may mention, and the condition that makes it known."""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | bool | int | float) else value


OneOrMore = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Answers = Annotated[tuple[bool | int | Number | Text, ...], BeforeValidator(_listed)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class When(_Part):
    """All that is given must hold."""

    category: OneOrMore = ()
    """Codes; `road.*` stands for all that begin so."""
    park_owner: OneOrMore = ()
    """A park of such an owner contains the point."""
    road_class: OneOrMore = ()
    """A road of such a class is near, and no other is nearer: a side street beside a highway is not the
    highway. Where two cross, both are underfoot, and the order of the rules decides."""
    within_m: Annotated[float, Field(gt=0, le=NEAR_M)] | None = None
    """Metres from the road's centre line; on the road itself the rule holds whatever its width."""
    facility: bool | None = None
    """Whether a facility of the ward is near."""
    answers: dict[Text, Answers] = {}
    """Question to the answer, or the answers, that fit."""

    @model_validator(mode="after")
    def _a_road_needs_a_distance(self) -> Self:
        if bool(self.road_class) != (self.within_m is not None):
            raise ValueError("road_class and within_m belong together")
        return self


class Then(_Part):
    """Exactly one of the two."""

    department: str | None = None
    manager: str | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.department is None) == (self.manager is None):
            raise ValueError("either a department or a manager is expected")
        return self


class Rule(_Part):
    """One line of the routing table, as `routing.toml` and `routing_rule.rule` have it."""

    name: Text
    """For those who edit the table."""
    when: When = When()
    then: Then
    confidence: float = Field(ge=0, le=1)
    reason: dict[str, Text]
    """Language to words, at least in the staff's. They may mention {park}, {owner}, {road} and {distance}."""

    @model_validator(mode="after")
    def _reasons_can_be_told(self) -> Self:
        if missing := set(STAFF_LANGUAGES) - self.reason.keys():
            raise ValueError(f"the reason is missing in {', '.join(sorted(missing))}")
        for words in self.reason.values():
            for _, mentioned, spec, conversion in Formatter().parse(words):
                if mentioned is None:
                    continue
                if mentioned not in PLACEHOLDERS or spec or conversion:
                    raise ValueError(f"the reason mentions {{{mentioned}}}, which nobody knows")
                if not getattr(self.when, PLACEHOLDERS[mentioned]):
                    raise ValueError(f"the reason mentions {{{mentioned}}} without {PLACEHOLDERS[mentioned]}")
        return self


@dataclass(frozen=True)
class CategoryFacts:
    code: str
    names: Mapping[str, str]
    department: str | None = None


@dataclass(frozen=True)
class Manager:
    kind: ManagerKind
    names: Mapping[str, str]


@dataclass(frozen=True)
class Decision:
    department: str
    """Who has it in hand: for another manager's thing the triage department, which hands it over."""
    manager: str | None
    kind: ManagerKind | Literal["ward"]
    confidence: float
    reason: dict[str, str]
    """Language to words."""
    to_triage: bool
    """Nobody could be named with enough confidence: a person decides."""

    @property
    def may_be_home(self) -> bool:
        """Somebody's house, yard or own road: the public sees its town only, until the desk decides."""
        return self.kind == ManagerKind.PRIVATE


def decide(
    facts: PlaceFacts,
    category: CategoryFacts | None,
    answers: Mapping[str, Any],
    rules: Sequence[Rule],
    *,
    triage: str,
    departments: Set[str],
    managers: Mapping[str, Manager],
) -> Decision:
    """Decide by the first rule that fits. `departments` and `managers` are those that exist today.

    `category` is None while the resident has not chosen one. Outside the ward the neighbour is responsible;
    in the border's margin outside, a person decides.
    """
    if not facts.inside:
        return _outside(facts, triage, managers)
    for rule in rules:
        found = _fit(rule.when, facts, category, answers)
        if found is not None:
            return _by_rule(rule, found, triage, departments, managers)
    if category is None:
        return _to_triage(triage, "routing.no_category")
    if category.department not in departments:
        return _to_triage(triage, "routing.nobody")
    assert category.department is not None
    reason = _words("routing.category", lambda language: {"category": name(category.names, language)})
    return Decision(category.department, None, WARD, CATEGORY_CONFIDENCE, reason, to_triage=False)


@dataclass(frozen=True)
class _Found:
    """What made a rule fit."""

    park: Park | None = None
    road: Road | None = None


def _fit(
    when: When, facts: PlaceFacts, category: CategoryFacts | None, answers: Mapping[str, Any]
) -> _Found | None:
    if when.category and not (category and any(covers(each, category.code) for each in when.category)):
        return None
    if when.facility is not None and when.facility != bool(facts.facilities):
        return None
    if not all(_answered(answers.get(question), fitting) for question, fitting in when.answers.items()):
        return None
    park = next((each for each in facts.parks if each.owner in when.park_owner), None)
    if when.park_owner and park is None:
        return None
    road = _road(when, facts.roads)
    if when.road_class and road is None:
        return None
    return _Found(park, road)


def covers(pattern: str, code: str) -> bool:
    """Whether a rule's `road.*` or `road.pothole` stands for the category `code`."""
    return code.startswith(pattern[:-1]) if pattern.endswith(".*") else code == pattern


def _answered(answer: Any, fitting: tuple[Any, ...]) -> bool:
    # In Python True == 1, and neither is the other's answer.
    return any(isinstance(answer, bool) == isinstance(each, bool) and answer == each for each in fitting)


def _road(when: When, roads: Sequence[Road]) -> Road | None:
    """The road that the rule means: near enough, and no other is nearer, seen from their edges."""
    if when.within_m is None:
        return None
    nearest = min((each.beside_m for each in roads), default=0.0)
    return next(
        (
            each
            for each in roads
            if each.road_class in when.road_class
            and (each.distance_m <= when.within_m or each.beside_m == 0)
            and each.beside_m <= nearest
        ),
        None,
    )


def _by_rule(
    rule: Rule,
    found: _Found,
    triage: str,
    departments: Set[str],
    managers: Mapping[str, Manager],
) -> Decision:
    values = {
        "park": found.park.name if found.park else "",
        "owner": found.park.owner if found.park else "",
        "road": found.road.name if found.road else "",
        "distance": round(found.road.distance_m) if found.road else "",
    }
    reason = {language: words.format(**values) for language, words in rule.reason.items()}
    manager = managers.get(rule.then.manager or "")
    if manager:
        unsure = rule.confidence < LEAST_CONFIDENCE
        return Decision(triage, rule.then.manager, manager.kind, rule.confidence, reason, to_triage=unsure)
    department = rule.then.department
    if department not in departments or rule.confidence < LEAST_CONFIDENCE:
        return Decision(triage, None, WARD, rule.confidence, reason, to_triage=True)
    assert department is not None
    return Decision(department, None, WARD, rule.confidence, reason, to_triage=False)


def _outside(facts: PlaceFacts, triage: str, managers: Mapping[str, Manager]) -> Decision:
    if facts.border:
        return _to_triage(triage, "routing.border", distance=round(facts.distance_outside_m))
    if facts.neighbour is None:
        return _to_triage(triage, "routing.outside")
    neighbour = facts.neighbour
    manager = managers.get(neighbour.manager or "")
    names = manager.names if manager else {"ja": neighbour.name}
    return Decision(
        triage,
        neighbour.manager if manager else None,
        ManagerKind.NEIGHBOUR,
        NEIGHBOUR_CONFIDENCE,
        _words("routing.neighbour", lambda language: {"neighbour": name(names, language)}),
        to_triage=False,
    )


def _to_triage(triage: str, key: str, **values: Any) -> Decision:
    return Decision(triage, None, WARD, 0.0, _words(key, lambda _: values), to_triage=True)


def _words(key: str, values: Callable[[str], Mapping[str, Any]]) -> dict[str, str]:
    return {language: translator(language)(key, **values(language)) for language in LANGUAGES}
