"""A page of every kind, with a few reports behind them."""

from nerirepo.database.db import transaction
from nerirepo.publication import tallies
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import PhotoRole, Report
from tests.factories.public_reports import MONDAY, add_event, add_photo, add_report, publish_now


def pages_of_every_kind() -> list[str]:
    """Their addresses, with a few reports behind them."""
    reports = []
    with transaction() as session:
        for status in (
            Status.RECEIVED,
            Status.RESOLVED,
            Status.RESOLVED,
            Status.RESOLVED,
            Status.HANDED_OVER,
            Status.DECLINED,
        ):
            report = add_report(session, closed_at=MONDAY, confirmed_fixed_at=MONDAY, status=status)
            add_photo(session, report)
            add_photo(session, report, role=PhotoRole.AFTER, position=1)
            add_event(session, report, "resolve", to=status, note="電球を取り替えました。")
            reports.append(report)
        deed = add_report(session, category_code="deed.cleanup", is_deed=True, status=Status.THANKED)
        hidden = add_report(session)
    for report in (*reports, deed, hidden):
        publish_now(report.id)
    with transaction() as session:
        session.get_one(Report, hidden.id).visibility = Visibility.HIDDEN
    with transaction() as session:
        tallies.count(session)
    return [
        "/",
        "/reports",
        "/reports?category=road&status=after&town=豊玉北六丁目&since=2026-01-01",
        *(f"/reports/{each.number}" for each in (reports[1], reports[-2], reports[-1], hidden)),
        "/statistics",
        "/statistics/reports?which=resolved&category=lamp.out",
        "/open-data",
        "/improvements",
        "/deeds",
        "/help",
        "/about",
        "/terms",
        "/privacy",
        "/accessibility",
        "/no-such-page",
        "/reports?sort=best",
    ]


def in_language(path: str, lang: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"
