"""Ids that we make ourselves, and the canonical form in which contents are compared and signed."""

import hashlib
import json
import secrets
import time
from typing import Any
from uuid import UUID


def uuid7() -> UUID:
    """RFC 9562: 48 bits of Unix milliseconds, then chance. Python has its own from 3.14 on."""
    moment = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    value = moment << 80 | 0x7 << 76 | (chance >> 62) << 64 | 0b10 << 62 | chance & (1 << 62) - 1
    return UUID(int=value)


def following(source: UUID, content: str) -> UUID:
    """A UUID of version 7 that equal source and content always give: the source's moment, hashed chance."""
    digest = hashlib.sha256(source.bytes + content.encode()).digest()
    chance = int.from_bytes(digest[:8], "big") & (1 << 62) - 1
    return UUID(int=source.int >> 64 << 64 | 0b10 << 62 | chance)


def canonical(content: Any) -> bytes:
    """JSON with sorted keys and no white space, UTF-8: equal content gives equal bytes."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_sha256(content: Any) -> str:
    """Lower-case hex of the canonical form's SHA-256."""
    return hashlib.sha256(canonical(content)).hexdigest()
