"""/v1: what residents' apps and the web form rely on. One file a resource."""

from fastapi import APIRouter, Depends

from api.mobile import categories, changes, levels, me, photos, places, public, reports, service, sign_in

router = APIRouter(
    prefix="/v1",
    dependencies=[Depends(levels.declared)],
    generate_unique_id_function=lambda route: route.name,
)
# Addresses are looked for in this order: what is asked for most stands first.
for resource in (public, service, categories, places, sign_in, me, photos, reports, changes):
    router.include_router(resource.router)
