"""Which members of staff may call a route? Each says so in its signature; `audience` is what a test reads."""

from collections.abc import Callable

from fastapi import Request

from nerirepo.base.errors import NotAllowed, NotSignedIn
from nerirepo.database import db
from nerirepo.staff import sessions
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from web import staff_browser


def from_cookie(request: Request) -> str:
    """The token of a browser's session; raises `NotSignedIn`, and `ForeignForm` if no page of ours asks."""
    token = request.cookies.get(staff_browser.cookie_name())
    if not token:
        raise NotSignedIn
    staff_browser.check_origin(request.method, request.headers)
    return token


class Allowed:
    """A dependency: the signed-in member, if the role is one of `roles`."""

    def __init__(self, *roles: Role, token_of: Callable[[Request], str] = from_cookie) -> None:
        self.audience = frozenset(role.value for role in roles)
        self._token_of = token_of

    def __call__(self, request: Request) -> Member:
        # Apart from what they ask for: that somebody is still at work holds, even if that fails.
        with db.reading() as session:
            member = sessions.session_of(session, self._token_of(request))
        if member.role not in self.audience:
            raise NotAllowed
        return member
