"""Is this process alive, and could it serve a request now? For whoever runs it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlmodel import Session
from starlette.responses import JSONResponse

from nerirepo.database import sql
from web.errors import SECONDS_TO_WAIT

NEVER_KEPT = {"Cache-Control": "no-store"}


def alive() -> JSONResponse:
    """Needs no thread: those may all be waiting for the database."""
    return JSONResponse({"status": "ok"}, headers=NEVER_KEPT)


def ready(*readings: Callable[[], AbstractContextManager[Session]]) -> JSONResponse:
    """Whether the database answers by each of these roles; else 503."""
    try:
        for reading in readings:
            with reading() as session:
                sql.run(session, "SELECT 1")
    except Exception:
        headers = NEVER_KEPT | {"Retry-After": str(SECONDS_TO_WAIT)}
        return JSONResponse({"status": "database away"}, 503, headers=headers)
    return JSONResponse({"status": "ok"}, headers=NEVER_KEPT)
