"""Which page answers which path?"""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from web.security_headers import SecurityHeaders
from web.static_files import StaticFilesWithAge
from web_public import (
    case,
    failures,
    feed,
    ground,
    health,
    home,
    improvements,
    listing,
    looks,
    me,
    media,
    open_data,
    posting_worker,
    report,
    report_map,
    share_card,
    sitemap,
    statistics,
    texts,
)
from web_public.open_to_programs import OpenToPrograms
from web_public.security import complete
from web_public.static import STATIC


def create_app() -> Starlette:
    """The public site. Paths that it does not know are answered by its page for 404."""
    site = Starlette(
        routes=[
            Route("/", home.home),
            Route("/reports", listing.reports),
            Route("/reports/{number}", case.report),
            Route("/reports/{number}/card.jpg", share_card.card),
            Route("/report", report.report),
            Route("/report/map", report_map.report_map),
            Route("/posting-worker.js", posting_worker.program),
            Route("/me", me.me),
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
            Route("/theme.css", looks.theme),
            Route("/favicon.svg", looks.favicon),
            Route("/favicon.ico", looks.favicon),
            Route("/robots.txt", looks.robots),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Mount("/static", StaticFilesWithAge(directory=STATIC)),
        ],
        middleware=[Middleware(SecurityHeaders, complete=complete), Middleware(OpenToPrograms)],
        exception_handlers=failures.HANDLERS,
    )
    # A redirect would be built from whatever Host the caller claims: see failures.
    site.router.redirect_slashes = False
    return site
