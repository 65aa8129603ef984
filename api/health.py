"""Is this process alive, and could it serve a request now?"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from nerirepo.database import db
from web import health
from web.audience import for_everyone

router = APIRouter(prefix="/health", dependencies=[for_everyone], include_in_schema=False)


@router.get("/live")
async def live() -> JSONResponse:
    """The process answers."""
    return health.alive()


@router.get("/ready")
def ready() -> JSONResponse:
    """The database answers, by both roles."""
    return health.ready(db.reading, db.public_reading)
