"""Do the rules know what a layer calls an owner of parks, or a class of roads? They pass by all others."""

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.places.rules import rules
from nerirepo.places.tables import Layer

ASKED_FOR: dict[Layer, tuple[str, str]] = {
    Layer.PARKS: ("owner", "park_owner"),
    Layer.ROADS: ("class", "road_class"),
}
"""A layer's property, and the condition of a rule that asks for it."""


def unknown(session: Session, version: int, layer: Layer) -> list[str]:
    """A remark for each value that no rule names: how often, at which feature first, and what is known."""
    if layer not in ASKED_FOR:
        return []
    given, asked = ASKED_FOR[layer]
    known = sorted({value for rule in rules(session) for value in getattr(rule.when, asked)})
    if not known:
        return []
    strange = sql.rows(
        session,
        """
        SELECT value, count(*) AS times, min(index) AS first, (array_agg(name ORDER BY index))[1] AS name
        FROM (
            SELECT name, properties ->> :given AS value, row_number() OVER (ORDER BY id) - 1 AS index
            FROM place_feature WHERE version_id = :version) AS feature
        WHERE value <> ALL(:known) GROUP BY value ORDER BY first
        """,
        {"version": version, "given": given, "known": known},
    )
    return [
        f"features[{each.first}]: {each.name}: no rule knows the {given} {each.value!r}"
        f" ({each.times} features); known are {', '.join(known)}"
        for each in strange
    ]
