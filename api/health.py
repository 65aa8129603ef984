"""Is this process alive, and could it serve a request now?"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from nerirepo import db, sql
from web.audience import for_everyone

router = APIRouter(prefix="/health", dependencies=[for_everyone], include_in_schema=False)


@router.get("/live")
async def live() -> dict[str, str]:
    """The process answers, without a thread: those may all be waiting for the database."""
    return {"status": "ok"}


@router.get("/ready")
def ready() -> JSONResponse:
    """The database answers, by both roles."""
    try:
        for reading in (db.reading, db.public_reading):
            with reading() as session:
                sql.run(session, "SELECT 1")
    except Exception:
        return JSONResponse({"status": "database away"}, 503, headers={"Retry-After": "5"})
    return JSONResponse({"status": "ok"})
