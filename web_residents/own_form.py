"""Did a page of ours send this form? A link's token is the permission; foreign pages are kept out, too."""

from fastapi import Depends, Request

from web.staff_browser import ForeignForm

FOREIGN = frozenset({"cross-site", "same-site"})
"""What a browser says of another site's page, or of another host's of the ward. Programs say nothing."""


def _refuse_foreign(request: Request) -> None:
    if request.method == "POST" and request.headers.get("sec-fetch-site") in FOREIGN:
        raise ForeignForm


own_form = Depends(_refuse_foreign)
