"""The pictures out of both buckets into a folder, and back. An object never changes: a copy is made once."""

from collections.abc import Iterator
from pathlib import Path

from nerirepo.base import clock
from nerirepo.gateways import storage
from nerirepo.photos.formats import sniff

HEAD = 64
"""Bytes that tell a format."""


def copy_out(folder: Path) -> tuple[int, int]:
    """Copy what is not there yet; put aside what is not in the store any more. How many of each."""
    copied = gone = 0
    for name, bucket in _buckets():
        there = folder / "photos" / name
        there.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = set()
        for key, size in _objects(bucket):
            keys.add(key)
            file = _below(there, key)
            if not file.exists() or file.stat().st_size != size:
                copied += _fetch(bucket, key, file)
        for file in _files(there):
            key = file.relative_to(there)
            if key.as_posix() not in keys:
                aside = folder / "gone" / f"{clock.now():%Y-%m-%d}" / name / key
                aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                file.replace(aside)
                gone += 1
    return copied, gone


def copy_in(folder: Path) -> int:
    """Put back into the store what it lacks, also what was deleted within the time that is kept; how many.

    More than the restored database names is harmless: what it does not name, nobody can ask for.
    """
    put = 0
    for name, bucket in _buckets():
        there = {key for key, _ in _objects(bucket)}
        for root in [folder / "photos" / name, *sorted(folder.glob(f"gone/*/{name}"))]:
            for file in _files(root):
                key = file.relative_to(root).as_posix()
                if key in there:
                    continue
                with file.open("rb") as body:
                    kind = sniff(body.read(HEAD)) or "application/octet-stream"
                    body.seek(0)
                    storage.put(bucket, key, body, kind)
                there.add(key)
                put += 1
    return put


def _buckets() -> tuple[tuple[str, str], tuple[str, str]]:
    return ("private", storage.private_bucket()), ("published", storage.published_bucket())


def _objects(bucket: str) -> Iterator[tuple[str, int]]:
    """Key and bytes of each object."""
    with storage.storage_errors():
        for page in storage.client().get_paginator("list_objects_v2").paginate(Bucket=bucket):
            yield from ((item["Key"], item["Size"]) for item in page.get("Contents", ()))


def _fetch(bucket: str, key: str, file: Path) -> bool:
    """False where it was deleted a moment ago."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with unfinished.open("wb") as output:
            for chunk in storage.stream(bucket, key):
                output.write(chunk)
    except storage.ObjectMissing:
        unfinished.unlink()
        return False
    unfinished.replace(file)
    return True


def _files(root: Path) -> list[Path]:
    return [each for each in root.rglob("*") if each.is_file() and not each.name.startswith(".")]


def _below(folder: Path, key: str) -> Path:
    """Raises ValueError for a key that would lie elsewhere: no object of ours is named so."""
    file = (folder / key).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise ValueError(f"a key that leaves the folder: {key!r}")
    return file
