"""Who may open a page? Each route says so in its signature; `audience` is what a test reads."""

from typing import Annotated

from fastapi import Depends, Request

from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from web import staff_browser
from web.members import Allowed


class Everyone:
    """No sign-in: signing in itself, and the health of the process."""

    audience = frozenset({"everyone"})

    async def __call__(self, request: Request) -> None:
        # A foreign page must not sign somebody in as somebody else, either.
        staff_browser.check_origin(request.method, request.headers)


for_everyone = Depends(Everyone())
AnyMember = Annotated[Member, Depends(Allowed(*Role))]
ReportReader = Annotated[Member, Depends(Allowed(Role.FIELD, Role.DESK))]
NoticeWriter = Annotated[Member, Depends(Allowed(Role.DESK, Role.ADMIN))]
DeskMember = Annotated[Member, Depends(Allowed(Role.DESK))]
