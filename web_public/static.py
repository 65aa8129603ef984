"""The site's own files, named with a hash of their content so that browsers may keep them."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"


@cache
def static_url(path: str) -> str:
    """`/static/site.css?v=1a2b3c4d`; without the hash where the file has not been built."""
    file = STATIC / path
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:8] if file.exists() else ""
    return f"/static/{path}?v={version}" if version else f"/static/{path}"


class StaticFilesWithAge(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_named_by_content = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if is_named_by_content else "public, max-age=60"
        )
        return response
