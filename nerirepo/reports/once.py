"""Comments and feedback are said once: a phone that repeats itself is answered as it was.

The id is the client's. It may be left out, as apps of the first two levels of the contract do.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo.base.errors import Conflict
from nerirepo.base.ids import content_sha256
from nerirepo.reports.tables import SaidOnce
from nerirepo.words.fields import Request


class SaidIdTaken(Conflict):
    """Another comment or feedback has this id."""

    code = "said_id_taken"


def answer_before(
    session: Session, said: Request, report_id: UUID, reporter_id: UUID
) -> dict[str, Any] | None:
    """How the same was answered before; None where it is new, or has no id. Raises `SaidIdTaken`.

    The caller holds the report: two requests of one report never come here together.
    """
    said_id = _id(said)
    before = session.get(SaidOnce, said_id) if said_id else None
    if before is None:
        return None
    same = (report_id, reporter_id, _content(said))
    if (before.report_id, before.reporter_id, before.content_sha256) != same:
        raise SaidIdTaken
    return before.answer


def store_answer(
    session: Session, said: Request, report_id: UUID, reporter_id: UUID, answer: dict[str, Any]
) -> None:
    """Remember how it was answered, where it has an id."""
    said_id = _id(said)
    if said_id:
        session.add(
            SaidOnce(
                id=said_id,
                report_id=report_id,
                reporter_id=reporter_id,
                content_sha256=_content(said),
                answer=answer,
            )
        )


def _id(said: Request) -> UUID | None:
    return getattr(said, "id", None)


def _content(said: Request) -> str:
    """Of what was said, after cleaning; a comment and feedback never look alike."""
    return content_sha256({"kind": type(said).__name__} | said.model_dump(mode="json", exclude={"id"}))
