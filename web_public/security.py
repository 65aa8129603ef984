"""The headers that every answer of the public site carries, whatever it is."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from nerirepo.base.settings import settings

SECONDS_OF_HTTPS = 365 * 24 * 3600

PICTURES = "img-src 'self' data: blob:"
"""The interactive map draws its own."""

HEADERS = {
    # No inline styles or scripts, nothing from elsewhere; nobody puts our pages into a frame of theirs.
    "Content-Security-Policy": f"default-src 'self'; {PICTURES}; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def security_headers(*, is_https: bool) -> dict[str, str]:
    headers = HEADERS
    if tiles := settings().map_tiles_url:
        headers = headers | {"Content-Security-Policy": _with_tiles_of(tiles)}
    if is_https:
        headers = headers | {"Strict-Transport-Security": f"max-age={SECONDS_OF_HTTPS}; includeSubDomains"}
    return headers


def _with_tiles_of(url: str) -> str:
    """The policy, and pictures from the one other host that the ward has chosen."""
    address = urlsplit(url)
    host = f"{address.scheme}://{address.netloc}"
    policy = HEADERS["Content-Security-Policy"].replace(PICTURES, f"{PICTURES} {host}")
    return f"{policy}; connect-src 'self' {host}"


def complete(_: Scope, headers: MutableHeaders) -> None:
    """Add them, but where an answer has set its own."""
    for name, value in security_headers(is_https=settings().is_https).items():
        headers.setdefault(name, value)
