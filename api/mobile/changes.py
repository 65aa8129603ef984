"""What has changed since the phone last asked: small answers, so that it can ask often."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.audience import ReadingReporter
from api.db import Reading
from api.mobile.answers import Changes
from api.mobile.contract import answers
from api.mobile.language import Language
from nerirepo.reports import changes

router = APIRouter(tags=["reports"])


@router.get("/changes", **answers(Changes, 401, 410))
def changed_reports(
    session: Reading,
    reporter: ReadingReporter,
    lang: Language,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """One's own and followed reports that changed since `cursor`; without it all of them, in pages."""
    return changes.changes(session, reporter.id, lang, cursor=cursor, limit=limit)
