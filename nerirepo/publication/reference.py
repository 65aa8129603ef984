"""What the public side must know besides reports: names, the ward's texts, and simplified lines for maps."""

from sqlmodel import Session

from nerirepo.database import sql

_SIMPLIFY_TO = 0.00003
"""Degrees, about 3 m: less than the width of a line on the small map."""

_COPY_WARD = "INSERT INTO published.ward (code, profile, texts) SELECT code, profile, texts FROM ward"
_COPIES = (
    """
    INSERT INTO published.category (code, parent_code, names, icon, position)
    SELECT code, parent_code, names, icon, position FROM category
    """,
    """
    INSERT INTO published.office (code, is_department, names, contact)
    SELECT code, true, names, jsonb_build_object('phone', phone) FROM department
    UNION ALL
    SELECT code, false, names, contact FROM manager
    """,
    _COPY_WARD,
    f"""
    INSERT INTO published.line (layer, name, shape)
    SELECT feature.layer, feature.name,
        CASE feature.layer
            WHEN 'towns' THEN ST_PointOnSurface(feature.shape)
            ELSE ST_SimplifyPreserveTopology(feature.shape, {_SIMPLIFY_TO})
        END
    FROM place_feature AS feature JOIN layer_version AS version ON version.id = feature.version_id
    WHERE version.is_active AND feature.layer <> 'facilities'
    """,
)


def refresh_reference(session: Session) -> None:
    """Copy the ward's data and the active layers into schema `published`, replacing what is there.

    To be called after the ward was read, after a layer was switched on, and when an admin has changed a name.
    """
    _one_at_a_time(session)
    for table in ("category", "office", "ward", "line"):
        sql.run(session, f"DELETE FROM published.{table}")
    for copy in _COPIES:
        sql.run(session, copy)


def refresh_ward(session: Session) -> None:
    """Copy only what the ward says of itself. To be called after a notice was put up or taken down."""
    _one_at_a_time(session)
    sql.run(session, "DELETE FROM published.ward")
    sql.run(session, _COPY_WARD)


def _one_at_a_time(session: Session) -> None:
    # Two at once would each insert what the other has inserted.
    session.flush()
    sql.run(session, "LOCK TABLE published.ward IN SHARE ROW EXCLUSIVE MODE")
