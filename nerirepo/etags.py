"""Is a version that a client holds still the one that there is?"""


def is_held(if_none_match: str | None, etag: str) -> bool:
    """Is it among the tags of that header? Compared weakly, as RFC 9110 asks."""
    held = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return held == ["*"] or etag.removeprefix("W/") in held
