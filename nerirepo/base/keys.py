"""Which key signs what? One root secret; each purpose has a key of its own, so that none serves another."""

import hashlib
import hmac

from pydantic import SecretStr

from nerirepo.base.settings import settings


def subkey(purpose: str) -> bytes:
    """32 bytes for HMAC, derived from the root secret: what is signed from now on is signed with it."""
    return _derived(settings().secret_key, purpose)


def accepted(purpose: str) -> tuple[bytes, ...]:
    """The keys with which a signature may have been made: today's, and the one before it was changed."""
    before = settings().secret_key_previous
    return (subkey(purpose), *([_derived(before, purpose)] if before.get_secret_value() else []))


def _derived(root: SecretStr, purpose: str) -> bytes:
    return hmac.digest(root.get_secret_value().encode(), purpose.encode(), hashlib.sha256)
