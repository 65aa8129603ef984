"""The receipt: signed proof that the service has a report. An app keeps its words until it holds one."""

import base64
from datetime import datetime
from functools import cache
from typing import Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import Field
from typing_extensions import TypedDict

from nerirepo.base.ids import canonical
from nerirepo.base.keys import subkey
from nerirepo.base.settings import settings


class ReceiptPhoto(TypedDict):
    """A photo that the receipt speaks for."""

    photo_id: str
    sha256: str


class Signed(TypedDict):
    """What a receipt says, without its signature."""

    report_id: str
    number: str
    version: int
    received_at: Annotated[
        str,
        Field(
            description="RFC 3339. A string and no moment: written in another way, it is not what was signed"
        ),
    ]
    photos: list[ReceiptPhoto]
    content_sha256: str
    key_id: str


class Receipt(Signed):
    """Frozen. `signature` (base64) is Ed25519 over all other members as JSON in UTF-8 with sorted keys and no
    white space. An app deletes its words only when it holds this. `content_sha256` is the service's own hash
    of what it took in: opaque to an app, and proof that nothing was changed since."""

    signature: str


class ReceiptKey(TypedDict):
    """Ed25519. `public_key`: 32 bytes in base64."""

    key_id: str
    algorithm: str
    public_key: str


@cache
def _key() -> Ed25519PrivateKey:
    seed = settings().receipt_key.get_secret_value()
    # In development the key may follow from the secret; production refuses to start without a key of its own.
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed) if seed else subkey("receipt"))


def public_keys() -> list[ReceiptKey]:
    """What apps verify receipts with, newest first."""
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
    photos: list[ReceiptPhoto],
    content_sha256: str,
) -> Receipt:
    """The receipt of a new report."""
    content: Signed = {
        "report_id": str(report_id),
        "number": number,
        "version": 1,
        "received_at": received_at.isoformat(),
        "photos": photos,
        "content_sha256": content_sha256,
        "key_id": key_id(),
    }
    return {**content, "signature": base64.b64encode(_key().sign(canonical(content))).decode()}
