"""Who may call a route? Every route says so by one of its dependencies, which carries `audience`.

A test walks through all routes and fails where none is declared.
"""

from typing import Annotated

from fastapi import Depends, Request

from nerirepo.base.errors import NotSignedIn
from nerirepo.reporters import devices
from nerirepo.reporters.devices import SignedIn
from web.db import Reading, Transaction


def bearer(request: Request) -> str:
    """The token of `Authorization: Bearer ...`; raises `NotSignedIn`."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    return token.strip()


def token_of(request: Request) -> str | None:
    """As `bearer`; None where there is none."""
    try:
        return bearer(request)
    except NotSignedIn:
        return None


class _SignedIn:
    audience = frozenset({"reporter"})


class _WritingReporter(_SignedIn):
    def __call__(self, request: Request, session: Transaction) -> SignedIn:
        return devices.signed_in(session, bearer(request))


class _ReadingReporter(_SignedIn):
    def __call__(self, request: Request, session: Reading) -> SignedIn:
        return devices.signed_in(session, bearer(request))


class _ReporterOrEveryone:
    """A public route on which somebody who is signed in sees more."""

    audience = frozenset({"everyone", "reporter"})

    def __call__(self, request: Request, session: Reading) -> SignedIn | None:
        return devices.signed_in(session, bearer(request)) if "authorization" in request.headers else None


WritingReporter = Annotated[SignedIn, Depends(_WritingReporter())]
"""The signed-in reporter, found in the route's own `Transaction`."""
ReadingReporter = Annotated[SignedIn, Depends(_ReadingReporter())]
MaybeReporter = Annotated[SignedIn | None, Depends(_ReporterOrEveryone())]
