"""Which page answers which path?"""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from web_public import case, failures, health, home, listing, looks, media, texts
from web_public.security import SecurityHeaders
from web_public.static import STATIC, StaticFilesWithAge


def create_app() -> Starlette:
    """The public site. Paths that it does not know are answered by its page for 404."""
    return Starlette(
        routes=[
            Route("/", home.home),
            Route("/reports", listing.reports),
            Route("/reports/{number}", case.report),
            *(Route(f"/{page}", texts.text_page) for page in texts.PAGES),
            Route("/media/{key:path}", media.picture),
            Route("/theme.css", looks.theme),
            Route("/favicon.svg", looks.favicon),
            Route("/favicon.ico", looks.favicon),
            Route("/robots.txt", looks.robots),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Mount("/static", StaticFilesWithAge(directory=STATIC)),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=failures.HANDLERS,
    )
