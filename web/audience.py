"""Who may call a route that asks nobody to sign in, and from where does a request come?

Every route says who may call it by one of its dependencies, which carries `audience`. A test walks through
all routes and fails where none is declared.
"""

from fastapi import Depends, Request


class Everyone:
    """No sign-in: the route shows what is public, or checks a token of its own."""

    audience = frozenset({"everyone"})

    async def __call__(self) -> None: ...


def client_of(request: Request) -> str:
    """The network address that asks, for limits."""
    return request.client.host if request.client else ""


for_everyone = Depends(Everyone())
