"""Headers of every page of staff: nothing is cached, framed, or loaded from elsewhere."""

from functools import cache
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from nerirepo.base.settings import settings


@cache
def _content_security_policy(base_url: str) -> str:
    address = urlsplit(base_url)
    photos = f"{address.scheme}://{address.netloc}"  # another origin where the pages run on their own
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            f"img-src 'self' {photos}",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def security_headers() -> dict[str, str]:
    """Of every answer but a style sheet or a program of ours, which browsers may keep."""
    headers = {
        "Content-Security-Policy": _content_security_policy(settings().base_url),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # With no-referrer an older browser would send `Origin: null` with our own forms.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }
    if settings().is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def complete(scope: Scope, headers: MutableHeaders) -> None:
    """Set them, whatever the answer says itself; what is static keeps its own age."""
    for name, value in security_headers().items():
        if name != "Cache-Control" or "/static/" not in scope["path"]:
            headers[name] = value
