"""A path as somebody typed it.

Read from the scope and never from `request.url`: that is split by `urllib`, which keeps the 128 addresses
that it was last given, with their queries, of which a stranger makes 15 MB.
"""

import re

from starlette.requests import Request

_SLASH_TOO_MANY = re.compile(r"((?:/[\w.-]+)+)/")


def without_last_slash(path: str) -> str | None:
    """The path that is meant; None where it ends as ours do, or could lead elsewhere."""
    typed = _SLASH_TOO_MANY.fullmatch(path)
    return typed[1] if typed else None


def as_asked(request: Request) -> str:
    """The path with its query."""
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
