"""The ward's colours as a style sheet and an icon."""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import Ward
from web.cache_control import PUBLISHED
from web_public.answer import with_etag

_PLAIN = {"primary": "#0b4f8a", "primary_dark": "#063a68", "primary_light": "#e6f0f9", "accent": "#8a3b00"}
"""While no ward has been loaded."""

_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="{primary}"/>
<path d="M16 5a8.5 8.5 0 0 0-8.5 8.5c0 6.5 8.5 14 8.5 14s8.5-7.5 8.5-14A8.5 8.5 0 0 0 16 5z" fill="#fff"/>
<path d="m12 13.5 3 3 5.5-5.5" fill="none" stroke="{primary}" stroke-width="2.6" stroke-linecap="round"/>
</svg>
"""


def theme(request: Request) -> Response:
    rules = "".join(f"--ward-{name.replace('_', '-')}:{value};" for name, value in _colours().items())
    return with_etag(
        request, f":root{{{rules}}}\n".encode(), "text/css; charset=utf-8", {"Cache-Control": PUBLISHED}
    )


def favicon(request: Request) -> Response:
    icon = _ICON.format(**_colours())
    return with_etag(request, icon.encode(), "image/svg+xml", {"Cache-Control": PUBLISHED})


def _colours() -> dict[str, str]:
    with public_reading() as session:
        return colours(read.ward(session))


def colours(ward: Ward) -> dict[str, str]:
    """The ward's own."""
    return ward.profile.colours.model_dump() if ward.profile else _PLAIN
