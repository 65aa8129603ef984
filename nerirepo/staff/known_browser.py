"""Has this member signed in with this browser or program before? It then has limits of its own.

What it keeps opens nothing: password and code are needed as ever. It only sets the member's own browser apart
from whoever tries the same address elsewhere.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from nerirepo.base import links
from nerirepo.base.errors import ServiceError
from nerirepo.base.links import Purpose

VALID_FOR = timedelta(days=365)


def proof(member_id: UUID, browser: UUID | None) -> str:
    """To be kept by a browser in which the member has just signed in; `browser` as `known` has it."""
    return links.make(Purpose.BROWSER, browser or uuid4(), member_id, valid_for=VALID_FOR)


def known(shown: str | None, member_id: UUID | None) -> UUID | None:
    """The browser's id, if `shown` says that this member was signed in there."""
    if not shown or member_id is None:
        return None
    try:
        link = links.read(Purpose.BROWSER, shown)
    except ServiceError:
        return None
    return link.report_id if link.reporter_id == member_id else None
