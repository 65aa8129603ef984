# pyright: basic
# Boto3 has no types.
"""Objects in S3: originals and renditions in the private bucket, cleared pictures in the published one.

One implementation (boto3) everywhere; the embedded store speaks S3 too.
"""

import hashlib
from collections.abc import Collection, Iterator
from functools import cache
from typing import IO, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from nerirepo.base.errors import Unavailable
from nerirepo.base.settings import settings

CHUNK = 64 * 1024


class StorageAway(Unavailable):
    """The store for pictures cannot be reached at the moment. Nothing was lost."""

    code = "storage_away"


class ObjectMissing(Exception):
    """No object has this key."""


class ObjectDamaged(StorageAway):
    """The store gave something else than was put there. Another time it may give the whole."""


class storage_errors:
    """Turns what boto3 raises into `ObjectMissing` or `StorageAway`."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            raise ObjectMissing from error
        if isinstance(error, ClientError | BotoCoreError):
            raise StorageAway(retry_after=10) from error


@cache
def client() -> Any:
    """The S3 client; thread-safe, one a process."""
    # A session of its own: the shared one must not be used by two threads at once.
    return boto3.Session().client(
        "s3",
        endpoint_url=settings().s3_endpoint,
        region_name=settings().s3_region,
        aws_access_key_id=settings().s3_access_key,
        aws_secret_access_key=settings().s3_secret_key.get_secret_value(),
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # Not every S3-compatible store knows the newer checksum headers.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=3,
            # A store that hangs is as good as away: a request's thread waits for it no longer than this.
            read_timeout=8,
            retries={"total_max_attempts": 1},
            max_pool_connections=settings().pool_size,
        ),
    )


def private_bucket() -> str:
    return settings().s3_private_bucket


def published_bucket() -> str:
    return settings().s3_published_bucket


def missing_buckets() -> list[str]:
    """Which of the two are not there. Asks for each: our key need not be allowed to list all buckets."""
    missing = []
    for bucket in (private_bucket(), published_bucket()):
        try:
            with storage_errors():
                client().head_bucket(Bucket=bucket)
        except ObjectMissing:
            missing.append(bucket)
    return missing


def create_buckets() -> None:
    """Make the two buckets where they are missing."""
    for bucket in missing_buckets():
        with storage_errors():
            client().create_bucket(Bucket=bucket)


def put(bucket: str, key: str, body: bytes | IO[bytes], content_type: str) -> None:
    """Store an object; when this returns, it is stored."""
    with storage_errors():
        client().put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)


def get(bucket: str, key: str, sha256: str) -> bytes:
    """The object with this hash (hexadecimal), whole; or `ObjectMissing`, or `ObjectDamaged`."""
    with storage_errors():
        content = client().get_object(Bucket=bucket, Key=key)["Body"].read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ObjectDamaged(retry_after=10)
    return content


def stream(bucket: str, key: str) -> Iterator[bytes]:
    """The object's bytes in chunks. It is opened before this returns, so that its absence is known."""
    with storage_errors():
        body = client().get_object(Bucket=bucket, Key=key)["Body"]
    return _chunks(body)


def _chunks(body: Any) -> Iterator[bytes]:
    with storage_errors():
        yield from body.iter_chunks(CHUNK)


def delete_below(bucket: str, prefix: str, keep: Collection[str] = ()) -> int:
    """Delete every object whose key begins with `prefix`, but for those in `keep`; how many were deleted."""
    if not prefix.endswith("/"):
        raise ValueError("a prefix ends with a slash, so that it cannot match a neighbour")
    deleted = 0
    with storage_errors():
        for page in client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for key in {item["Key"] for item in page.get("Contents", ())}.difference(keep):
                client().delete_object(Bucket=bucket, Key=key)
                deleted += 1
    return deleted


def presigned_put(bucket: str, key: str, *, content_type: str, bytes: int, seconds: int) -> str:
    """A URL to which a phone may PUT this one object, with these headers, for a while."""
    return client().generate_presigned_url(
        "put_object",
        Params={"Bucket": bucket, "Key": key, "ContentType": content_type, "ContentLength": bytes},
        ExpiresIn=seconds,
    )
