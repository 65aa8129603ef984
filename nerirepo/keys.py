"""Which key signs what? One root secret; each purpose has a key of its own, so that none serves another."""

import hashlib
import hmac

from nerirepo.settings import settings


def subkey(purpose: str) -> bytes:
    """32 bytes for HMAC, derived from the root secret. Changing that voids whatever its keys have signed."""
    return hmac.digest(settings().secret_key.get_secret_value().encode(), purpose.encode(), hashlib.sha256)
