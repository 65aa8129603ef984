"""Which members of staff may call a route? Each says so in its signature; `audience` is what a test reads."""

from typing import Annotated, Any

from fastapi import Depends, Request

from api.audience import bearer
from nerirepo.base.errors import NotAllowed, NotSignedIn, ServiceError
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from web import staff_browser
from web.members import Allowed, from_cookie


def token_of(request: Request) -> str:
    """From `Authorization: Bearer ...`, or from the pages' cookie; raises `NotSignedIn` and `ForeignForm`."""
    try:
        return bearer(request)
    except NotSignedIn:
        return from_cookie(request)


def _member(*roles: Role) -> Any:
    return Depends(Allowed(*roles, token_of=token_of))


REFUSALS: tuple[type[ServiceError], ...] = (
    NotSignedIn,
    NotAllowed,
    staff_browser.ForeignForm,
    staff_browser.NeedsHttps,
)
"""What each of them may answer instead."""
AnyMember = Annotated[Member, _member(*Role)]
ReportReader = Annotated[Member, _member(Role.FIELD, Role.DESK)]
DeskMember = Annotated[Member, _member(Role.DESK)]
NoticeWriter = Annotated[Member, _member(Role.DESK, Role.ADMIN)]
AdminMember = Annotated[Member, _member(Role.ADMIN)]
