"""Any other address here: mostly a letter's link that was cut short on its way."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from nerirepo.base.links import LinkUnknown
from web.audience import for_everyone
from web_residents.failure import PageRoute

router = APIRouter(route_class=PageRoute, dependencies=[for_everyone])


@router.api_route("/{rest:path}", methods=["GET", "HEAD"])
def say_so(rest: str) -> HTMLResponse:
    """As for a link that was changed."""
    raise LinkUnknown
