"""Is this process alive, and could it serve a page now?"""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.database.db import public_reading
from web import health


async def live(_: Request) -> Response:
    return health.alive()


def ready(_: Request) -> Response:
    return health.ready(public_reading)
