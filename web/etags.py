"""Which versions does a client name, and is one still the one that there is? RFC 9110, 8.8.3 and 13.1."""

import hashlib
import re
from collections.abc import Iterable

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_A_TAG = "\0"
"""Stands for one while what stands around it is looked at; no header holds it."""


def strong(content: bytes) -> str:
    """The tag of these bytes, or of what they depend on."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def weak(content: bytes) -> str:
    """Of what may be written in several ways: packed or not, say."""
    return f"W/{strong(content)}"


def is_held(if_none_match: Iterable[str], etag: str) -> bool:
    """Is it among the tags of that header's lines? Weakly compared: whoever packs an answer makes it weak."""
    header = ",".join(if_none_match)
    return header.strip() == "*" or etag.removeprefix("W/")[1:-1] in _named(header)


def the_one(if_match: str) -> str | None:
    """What stands in the header's one tag, weak or not; None where there is none, or are several, or `*`."""
    named = _named(if_match)
    return named[0] if len(named) == 1 else None


def _named(header: str) -> list[str]:
    """What stands in each tag of a list; nothing where it is no list of tags."""
    around = _TAG.sub(_A_TAG, header).split(",")
    return _TAG.findall(header) if all(each.strip() in ("", _A_TAG) for each in around) else []
