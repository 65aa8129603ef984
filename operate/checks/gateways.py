"""Do the store and the mail server take what we bring?"""

import asyncio
from hashlib import sha256

from nerirepo.gateways.mail import Temporary, knock
from nerirepo.gateways.storage import (
    ObjectMissing,
    StorageAway,
    delete_below,
    get,
    missing_buckets,
    private_bucket,
    published_bucket,
    put,
)
from operate.checks.probe import Fault, first_line

PROBE = "check/probe"
"""An object that is written, read and deleted."""


def buckets() -> None:
    try:
        if missing := missing_buckets():
            raise Fault(f"{', '.join(missing)} missing; run: nerirepo migrate")
        for bucket in (private_bucket(), published_bucket()):
            put(bucket, PROBE, b"probe", "text/plain")
            get(bucket, PROBE, sha256(b"probe").hexdigest())
            delete_below(bucket, PROBE.rpartition("/")[0] + "/")
    except (StorageAway, ObjectMissing) as error:
        raise Fault(
            f"cannot be written and read ({first_line(error.__cause__ or error)}); is NERIREPO_S3_ENDPOINT "
            "right, may NERIREPO_S3_ACCESS_KEY do both, is there room?"
        ) from error


def mail_server() -> None:
    try:
        asyncio.run(knock())
    except Temporary as fault:
        said = str(fault)
        if "CERTIFICATE_VERIFY_FAILED" in said:
            way_out = "is its name right? An authority of the ward's own is named by SSL_CERT_FILE"
        elif said.startswith("535"):
            way_out = "are the user and the password in NERIREPO_SMTP_URL right?"
        else:
            way_out = "is NERIREPO_SMTP_URL right, is the way there open?"
        raise Fault(f"takes no letters ({said}); {way_out}") from fault
