"""An S3-compatible store on a loopback port that checks signatures; its objects are plain files."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operate.supervising.process import Child, alive, answers, free_port

ACCESS_KEY = "nerirepo"


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, str, str]]:
    """The store for the length of the block; yields (endpoint, access key, secret key)."""
    port, secret = free_port(), secrets.token_urlsafe(32)
    with alive(child(folder, port, secret), lambda: answers(port)):
        yield endpoint(port), ACCESS_KEY, secret


def endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def child(folder: Path, port: int, secret: str) -> Child:
    """The store's process, not yet started; objects in folder/objects, log in folder/log."""
    objects = folder / "objects"
    objects.mkdir(mode=0o700, parents=True, exist_ok=True)
    program = Path(sys.prefix) / "bin" / "rclone"
    command = [str(program), "serve", "s3", str(objects), "--addr", f"127.0.0.1:{port}", "--config", ""]
    # By the environment, as one field of CSV: a command line can be read by everybody on the machine.
    return Child("store", command, {"RCLONE_AUTH_KEY": f'"{ACCESS_KEY},{secret}"'}, log=folder / "log")
