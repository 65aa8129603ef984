"""The id of a report is the client's, and is taken once: the same content is answered alike for ever."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo.base.errors import Conflict, Gone
from nerirepo.database import sql
from nerirepo.reports.receipt import Receipt
from nerirepo.reports.submission import Submission

_CLAIM = """
    INSERT INTO report_submission (report_id, content_sha256) VALUES (:report_id, :content)
    ON CONFLICT DO NOTHING RETURNING report_id
"""
_STANDING = """
    SELECT content_sha256, receipt, erased_at, original.report_id IS NOT NULL AS has_original, reporter_id,
        description, answers
    FROM report_submission LEFT JOIN report_original AS original USING (report_id)
    WHERE report_id = :report_id
"""


class ReportIdTaken(Conflict):
    """Another report has this id."""

    code = "report_id_taken"


class ReportErased(Gone):
    """This report was erased."""

    code = "report_erased"


def claim(session: Session, report_id: UUID, content_sha256: str) -> bool:
    """Take the id for a report with this content; False where it is taken."""
    # Before anything else: a second request with this id waits here until the first has ended.
    asked = {"report_id": report_id, "content": content_sha256}
    return sql.first(session, _CLAIM, asked) is not None


def receipt_of_same(
    session: Session, report_id: UUID, submission: Submission, reporter_id: UUID | None
) -> Receipt:
    """The receipt that the same person was given for the same. Raises `ReportIdTaken` and `ReportErased`."""
    standing = sql.first(session, _STANDING, {"report_id": report_id})
    if standing.content_sha256 != submission.sha256() and not _was_the_same(standing, submission):
        raise ReportIdTaken
    if standing.erased_at:
        raise ReportErased
    if not standing.has_original or standing.reporter_id != reporter_id or standing.receipt is None:
        raise ReportIdTaken
    return standing.receipt


def _was_the_same(standing: Any, submission: Submission) -> bool:
    """Whether it differs only by what is cleaned away by now, and was not when the report was taken in."""
    if not standing.has_original:
        return False
    before = submission.model_copy(update={"description": standing.description, "answers": standing.answers})
    cleaned = Submission.model_validate(before.model_dump())
    return cleaned == submission and before.sha256() == standing.content_sha256
