"""How does a browser of staff stay signed in, and did a page of ours send this? For API and pages alike."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from nerirepo.base.errors import NotAllowed
from nerirepo.base.settings import settings

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class NeedsHttps(NotAllowed):
    """Signing in from a browser needs https."""

    code = "needs_https"


class ForeignForm(NotAllowed):
    """This came from another site. Please open the page again."""

    code = "foreign_form"


def cookie_name() -> str:
    """`__Host-` keeps it to this very host, over https; plain http only on one's own machine."""
    if settings().is_https:
        return "__Host-nerirepo_staff"
    if urlsplit(settings().base_url).hostname not in LOOPBACK:
        raise NeedsHttps
    return "nerirepo_staff"


def known_cookie_name() -> str:
    """Of what a browser keeps for a year, to be known by: see `known_browser`."""
    return cookie_name().replace("_staff", "_known_browser")


def check_origin(method: str, headers: Mapping[str, str]) -> None:
    """Raise `ForeignForm` unless a page of ours sent what a cookie speaks for. Reading is always allowed."""
    if method not in UNSAFE:
        return
    site = headers.get("sec-fetch-site")
    if site is not None:
        is_ours = site == "same-origin"
    else:  # an older browser
        ours = urlsplit(settings().base_url)
        is_ours = headers.get("origin") == f"{ours.scheme}://{ours.netloc}"
    if not is_ours:
        raise ForeignForm
