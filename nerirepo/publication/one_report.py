"""One report, for whoever asks: whole to the person who sent it, to everyone else what is published."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import Session
from typing_extensions import TypeAliasType

from nerirepo.base.errors import Gone
from nerirepo.publication.outlook import outlook_of
from nerirepo.publication.read import PublicCase, TakenBack, one
from nerirepo.reports import own, reporter_view
from nerirepo.reports.find import ReportNotFound
from nerirepo.reports.own_report import OwnReport

OneReport = TypeAliasType(
    "OneReport",
    Annotated[
        OwnReport | PublicCase,
        Field(description="Whole to the person who sent it; to everyone else what is published."),
    ],
)


class ReportTakenBack(Gone):
    """This report was public once and is not any more."""

    code = "report_taken_back"


def one_report(
    session: Session, public: Session, named: str, reporter_id: UUID | None, lang: str
) -> OneReport:
    """By id or number. Raises `ReportNotFound` and `ReportTakenBack`. `public` reads what is published."""
    report_id = own.report_id_of(session, named) if reporter_id else None
    if reporter_id and report_id:
        found = reporter_view.view(session, report_id, reporter_id, lang)
        if found and found[1].is_own:
            report, expected = found[0], outlook_of(session, found[0])
            return {**report, "outlook": expected} if expected else report
    shown = one(public, named, lang) if own.NAME.fullmatch(named) else None
    if shown is None:
        raise ReportNotFound
    if isinstance(shown, TakenBack):
        raise ReportTakenBack
    return shown
