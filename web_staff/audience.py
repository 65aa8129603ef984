"""Who may open a page? Each route says so in its signature; `audience` is what a test reads."""

from typing import Annotated

from fastapi import Depends, Request

from nerirepo import db
from nerirepo.errors import NotAllowed, NotSignedIn
from nerirepo.staff import sessions
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from web import staff_browser


class Everyone:
    """No sign-in: signing in itself, and the health of the process."""

    audience = frozenset({"everyone"})

    async def __call__(self, request: Request) -> None:
        # A foreign page must not sign somebody in as somebody else, either.
        staff_browser.check_origin(request.method, request.headers)


class Allowed:
    """A dependency: the signed-in member, if the role is one of `roles`."""

    def __init__(self, *roles: Role) -> None:
        self.audience = frozenset(role.value for role in roles)

    def __call__(self, request: Request) -> Member:
        token = request.cookies.get(staff_browser.cookie_name())
        if not token:
            raise NotSignedIn
        staff_browser.check_origin(request.method, request.headers)
        with db.reading() as session:
            member = sessions.session_of(session, token)
        if member.role not in self.audience:
            raise NotAllowed
        return member


for_everyone = Depends(Everyone())
AnyMember = Annotated[Member, Depends(Allowed(*Role))]
ReportReader = Annotated[Member, Depends(Allowed(Role.FIELD, Role.DESK))]
NoticeWriter = Annotated[Member, Depends(Allowed(Role.DESK, Role.ADMIN))]
DeskMember = Annotated[Member, Depends(Allowed(Role.DESK))]
