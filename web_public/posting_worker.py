"""/posting-worker.js: what lets the posting pages open without a network. At the root, to be allowed to."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from web_public.static import STATIC


def program(_: Request) -> Response:
    # Browsers ask for it anew with each visit, so that a fault in it never stays.
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(STATIC / "built" / "posting_worker.js", media_type="text/javascript", headers=headers)
