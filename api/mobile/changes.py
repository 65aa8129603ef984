"""What has changed since the phone last asked: small answers, so that it can ask often."""

from fastapi import APIRouter

from api.audience import ReadingReporter
from api.mobile.as_json import AsJson
from api.mobile.contract import answers
from api.mobile.language import Language
from api.mobile.paging import Cursor, Limit
from nerirepo.base.errors import NotSignedIn
from nerirepo.reports.changes import Changes, ResyncRequired, changes
from web.db import Reading

router = APIRouter(route_class=AsJson, tags=["reports"])


@router.get("/changes", **answers(Changes, NotSignedIn, ResyncRequired))
def list_changes(
    session: Reading,
    reporter: ReadingReporter,
    lang: Language,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Changes:
    """One's own and followed reports that changed since `cursor`; without it all of them, in pages."""
    return changes(session, reporter.id, lang, cursor=cursor, limit=limit)
