"""The receipt: signed proof that the service has a report. An app keeps its words until it holds one."""

import base64
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from nerirepo.ids import canonical
from nerirepo.keys import subkey
from nerirepo.settings import settings


@cache
def _key() -> Ed25519PrivateKey:
    seed = settings().receipt_key.get_secret_value()
    # In development the key may follow from the secret; production refuses to start without a key of its own.
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed) if seed else subkey("receipt"))


def public_keys() -> list[dict[str, str]]:
    """[{key_id, algorithm, public_key (32 bytes, base64)}]: what apps verify receipts with, newest first."""
    retired = [base64.b64decode(each) for each in settings().receipt_keys_retired.split(",") if each.strip()]
    return [
        {
            "key_id": _id_of(raw),
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(raw).decode(),
        }
        for raw in (_public(), *retired)
    ]


def key_id() -> str:
    return _id_of(_public())


def _public() -> bytes:
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _id_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw)[:8].decode()


def sign(
    *,
    report_id: UUID,
    number: str,
    received_at: datetime,
    photos: list[dict[str, str]],
    content_sha256: str,
) -> dict[str, Any]:
    """The receipt of a new report. `signature` is over the canonical JSON of all other members, in base64."""
    receipt: dict[str, Any] = {
        "report_id": str(report_id),
        "number": number,
        "version": 1,
        "received_at": received_at.isoformat(),
        "photos": photos,
        "content_sha256": content_sha256,
        "key_id": key_id(),
    }
    return receipt | {"signature": base64.b64encode(_key().sign(canonical(receipt))).decode()}
