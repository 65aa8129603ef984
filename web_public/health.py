"""Is this process alive, and can it answer? For whoever runs it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from nerirepo import sql
from nerirepo.db import public_reading

_NEVER_KEPT = {"Cache-Control": "no-store"}


async def live(_: Request) -> Response:
    # Without a thread: those may all be waiting for the database.
    return JSONResponse({"status": "ok"}, headers=_NEVER_KEPT)


def ready(_: Request) -> Response:
    """A database that cannot be reached becomes 503, as on every page."""
    with public_reading() as session:
        sql.run(session, "SELECT 1")
    return JSONResponse({"status": "ok"}, headers=_NEVER_KEPT)
