"""Which page answers which path?"""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from web.security_headers import SecurityHeaders
from web.static_files import StaticFilesWithAge
from web_public import (
    failures,
    feed,
    ground,
    health,
    home,
    improvements,
    listing,
    media,
    open_data,
    posting_map,
    program_page,
    report_page,
    robots,
    share_card,
    sitemap,
    statistics,
    texts,
    theme,
)
from web_public.cors import Cors
from web_public.security import complete
from web_public.static import STATIC


def create_app() -> Starlette:
    """The public site. Paths that it does not know are answered by its page for 404."""
    site = Starlette(
        routes=[
            Route("/", home.home),
            Route("/reports", listing.reports),
            Route("/reports/{number}", report_page.report),
            Route("/reports/{number}/card.jpg", share_card.card),
            Route("/report", program_page.report),
            Route("/report/map", posting_map.report_map),
            Route("/posting-worker.js", program_page.posting_worker),
            Route("/me", program_page.me),
            *(Route(f"/{page}", texts.text_page) for page in texts.PAGES),
            Route("/statistics", statistics.statistics),
            Route("/statistics/reports", statistics.rows),
            Route("/open-data", open_data.open_data),
            Route("/open-data/statistics.csv", open_data.statistics),
            *(Route(f"/open-data/reports.{form}", open_data.reports) for form in open_data.FORMATS),
            Route("/feeds/reports.atom", feed.reports),
            Route("/improvements", improvements.improvements),
            Route("/deeds", improvements.deeds),
            Route("/sitemap.xml", sitemap.index),
            Route("/sitemaps/{name}.xml", sitemap.part),
            Route("/map/lines/{z}/{x}/{y}.mvt", ground.lines),
            Route("/media/{key:path}", media.picture),
            Route("/theme.css", theme.theme),
            Route("/favicon.svg", theme.favicon),
            Route("/favicon.ico", theme.favicon),
            Route("/robots.txt", robots.robots),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Mount("/static", StaticFilesWithAge(directory=STATIC)),
        ],
        middleware=[Middleware(SecurityHeaders, complete=complete), Middleware(Cors)],
        exception_handlers=failures.HANDLERS,
    )
    # A redirect would be built from whatever Host the caller claims: see failures.
    site.router.redirect_slashes = False
    return site
