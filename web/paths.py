"""A path as somebody typed it."""

import re

_SLASH_TOO_MANY = re.compile(r"((?:/[\w.-]+)+)/")


def without_last_slash(path: str) -> str | None:
    """The path that is meant; None where it ends as ours do, or could lead elsewhere."""
    typed = _SLASH_TOO_MANY.fullmatch(path)
    return typed[1] if typed else None
