"""Which members of staff may call a route? Each says so in its signature; `audience` is what a test reads."""

from typing import Annotated

from fastapi import Depends, Request

from nerirepo import db
from nerirepo.errors import NotAllowed, NotSignedIn, ServiceError
from nerirepo.staff import sessions
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from web import staff_browser


def token_of(request: Request) -> str:
    """From `Authorization: Bearer ...`, or from the pages' cookie; raises `NotSignedIn` and `ForeignForm`."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token.strip():
        return token.strip()
    cookie = request.cookies.get(staff_browser.cookie_name())
    if not cookie:
        raise NotSignedIn
    staff_browser.check_origin(request.method, request.headers)
    return cookie


class Allowed:
    """A dependency: the signed-in member, if the role is one of `roles`."""

    def __init__(self, *roles: Role) -> None:
        self.audience = frozenset(role.value for role in roles)

    def __call__(self, request: Request) -> Member:
        # Apart from what they ask for: that somebody is still at work holds, even if that fails.
        with db.reading() as session:
            member = sessions.session_of(session, token_of(request))
        if member.role not in self.audience:
            raise NotAllowed
        return member


REFUSALS: tuple[type[ServiceError], ...] = (
    NotSignedIn,
    NotAllowed,
    staff_browser.ForeignForm,
    staff_browser.NeedsHttps,
)
"""What each of them may answer instead."""
AnyMember = Annotated[Member, Depends(Allowed(*Role))]
ReportReader = Annotated[Member, Depends(Allowed(Role.FIELD, Role.DESK))]
DeskMember = Annotated[Member, Depends(Allowed(Role.DESK))]
NoticeWriter = Annotated[Member, Depends(Allowed(Role.DESK, Role.ADMIN))]
AdminMember = Annotated[Member, Depends(Allowed(Role.ADMIN))]
