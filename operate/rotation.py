"""A secret is changed: which values does the next start need, so that nothing that people hold is void?"""

import base64
import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def new_secret(now: dict[str, str]) -> dict[str, str]:
    """Of NERIREPO_* values: a new root, and the old one as the previous, which still opens what it signed."""
    return now | {
        "NERIREPO_SECRET_KEY": secrets.token_urlsafe(48),
        "NERIREPO_SECRET_KEY_PREVIOUS": now["NERIREPO_SECRET_KEY"],
    }


def new_receipt_key(now: dict[str, str]) -> dict[str, str]:
    """A new seed; of the old one only the public half stays, so that its receipts verify for ever."""
    old = Ed25519PrivateKey.from_private_bytes(base64.b64decode(now["NERIREPO_RECEIPT_KEY"]))
    retired = base64.b64encode(old.public_key().public_bytes_raw()).decode()
    before = now.get("NERIREPO_RECEIPT_KEYS_RETIRED", "")
    return now | {
        "NERIREPO_RECEIPT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "NERIREPO_RECEIPT_KEYS_RETIRED": f"{before},{retired}".strip(","),
    }


ROTATIONS: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "secret": new_secret,
    "receipt": new_receipt_key,
}
