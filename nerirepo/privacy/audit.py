"""What may audit tables forget? What is old, and words about somebody who has left.

The service's own role adds lines to these tables and reads them. It can neither change nor delete one: see
`operate/containers/roles.sql`.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from nerirepo.database import sql


def expire_disclosures(session: Session, before: datetime) -> None:
    """Delete who read contact data before then; never what is younger than 3 years by the database."""
    sql.run(session, "SELECT audit_expire_disclosures(:before)", {"before": before})


def clear_disclosure_reasons(session: Session, report_ids: Collection[UUID]) -> None:
    """Who read contact data of these reports, and when, stays. Open reports with a sender keep theirs."""
    if report_ids:
        sql.run(session, "SELECT audit_clear_disclosure_reasons(:reports)", {"reports": list(report_ids)})
