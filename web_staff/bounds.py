"""How much may a form without photos bring?

Those of actions take photos; they are read to their end (`carried.sent`), and keep their words.
"""

from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

WORDS = 256 * 1024
"""Bytes of a form without photos: every note at its longest, in UTF-8, percent-encoded."""


def most_bytes(scope: Scope) -> int | None:
    """Of a request's body."""
    path: str = scope["path"]
    return None if path.endswith("/actions") else WORDS


def too_large(_: Scope, __: int) -> Response:
    return PlainTextResponse("送られた内容が大きすぎます。 / Too large.", 413)
