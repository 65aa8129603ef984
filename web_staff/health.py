"""Is this process alive, and could it serve a page now?"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from nerirepo.database import db
from web import health
from web_staff.audience import for_everyone

router = APIRouter(prefix="/health", dependencies=[for_everyone])


@router.get("/live")
async def live() -> JSONResponse:
    return health.alive()


@router.get("/ready")
def ready() -> JSONResponse:
    return health.ready(db.reading)
