"""The secrets of an embedded service: made at first start, kept for ever.

Receipts must verify for ever and links in old letters must open, so these are never made a second time.
"""

import base64
import json
import os
import secrets
from pathlib import Path

OURS = (
    "NERIREPO_SECRET_KEY",
    "NERIREPO_SECRET_KEY_PREVIOUS",
    "NERIREPO_RECEIPT_KEY",
    "NERIREPO_RECEIPT_KEYS_RETIRED",
)
"""What every process needs; the second and the last only after a rotation."""


def keys(file: Path) -> dict[str, str]:
    """The NERIREPO_* variables that are secret, from the file, which is written when it is missing."""
    if not file.exists():
        made = {
            "NERIREPO_SECRET_KEY": secrets.token_urlsafe(48),
            "NERIREPO_RECEIPT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "NERIREPO_S3_SECRET_KEY": secrets.token_urlsafe(32),
        }
        write_private(file, json.dumps(made, indent=2) + "\n")
    return json.loads(file.read_text())


def write_private(file: Path, text: str) -> None:
    """Write the file whole or not at all, for our own user's eyes only."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as output:
        output.write(text)
        output.flush()
        os.fsync(output.fileno())
    unfinished.rename(file)
