"""Is this process alive, and could it serve a page now?"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from nerirepo import db, sql
from web_staff.audience import for_everyone

router = APIRouter(prefix="/health", dependencies=[for_everyone])


@router.get("/live")
async def live() -> dict[str, str]:
    # Without a thread: those may all be waiting for the database.
    return {"status": "ok"}


@router.get("/ready")
def ready() -> JSONResponse:
    try:
        with db.reading() as session:
            sql.run(session, "SELECT 1")
    except SQLAlchemyError:
        return JSONResponse({"status": "database away"}, 503, headers={"Retry-After": "5"})
    return JSONResponse({"status": "ok"})
