"""/staff: the worklist, one report, actions, and the ward's own settings, for members of staff."""

from fastapi import APIRouter

from api.staff import actions, notices, photos, reports, setup, sign_in, worklist

router = APIRouter(prefix="/staff", tags=["staff"])
router.include_router(sign_in.router)
router.include_router(worklist.router)
router.include_router(reports.router)
router.include_router(actions.router)
router.include_router(photos.router)
router.include_router(notices.router)
router.include_router(setup.router)
