"""/v1: what residents' apps and the web form rely on. One file a resource."""

from fastapi import APIRouter

from api.mobile import categories, changes, me, photos, places, public, reports, service, sign_in

router = APIRouter(prefix="/v1")
for resource in (service, categories, places, sign_in, me, photos, reports, changes, public):
    router.include_router(resource.router)
