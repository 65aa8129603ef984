"""What may crawlers read?"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from nerirepo.base.settings import settings
from web.cache_control import PUBLISHED

_NOT_FOR_CRAWLERS = ("/desk", "/crew", "/l/", "/staff", "/*bbox=", "/*since=", "/*sort=")
"""What is nobody's but one person's, and the same reports in ever other orders and parts."""
_ROBOTS = "".join(["User-agent: *\n", *(f"Disallow: {path}\n" for path in _NOT_FOR_CRAWLERS)])


def robots(_: Request) -> Response:
    where = f"Sitemap: {settings().base_url}/sitemap.xml\n"
    return PlainTextResponse(_ROBOTS + where, headers={"Cache-Control": PUBLISHED})
