"""Files of ours that browsers keep: each is named with a hash of its content, and so may be kept for ever."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60"


@cache
def version(file: Path) -> str:
    """Eight hexadecimal digits; nothing where the file has not been built."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8] if file.exists() else ""


def versioned(address: str, file: Path) -> str:
    """`/static/site.css?v=1a2b3c4d`: where `address` answers with `file`."""
    return f"{address}?v={version(file)}" if version(file) else address


class StaticFilesWithAge(StaticFiles):
    """A folder of them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_named_by_content = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = FOR_EVER if is_named_by_content else FOR_A_MINUTE
        return response
