"""A mail server that takes every address, delivers nothing and keeps each letter as an .eml file.

python -m operate.embedded.mailbox FOLDER PORT [HOST]
"""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from operate.supervising.process import Child, alive, answers, free_port

LARGEST_LETTER = 32 * 1024 * 1024  # bytes; two photos of a result and room to spare


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The mail server for the length of the block; yields its smtp:// URL. Letters appear as folder/*.eml."""
    port = free_port()
    with alive(child(folder, port, log=folder / "log"), lambda: answers(port)):
        yield url(port)


def url(port: int) -> str:
    return f"smtp://127.0.0.1:{port}"


def child(folder: Path, port: int, *, log: Path | None = None) -> Child:
    """The server's process, not yet started."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Child(
        "mail", [sys.executable, "-P", "-m", "operate.embedded.mailbox", str(folder), str(port)], log=log
    )


class Keep:
    """What the server does with a letter it has been given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        store(self.folder, envelope.rcpt_tos, envelope.original_content or b"")
        return "250 kept"


def store(folder: Path, recipients: list[str], letter: bytes) -> Path:
    """Write the letter under a name that sorts by time, whole or not at all.

    As the last server on a letter's way does, it notes whom the letter was really for.
    """
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
    unfinished = folder / f".{name}"
    delivered = "".join(f"Delivered-To: {each}\r\n" for each in recipients)
    unfinished.write_bytes(delivered.encode() + letter)
    return unfinished.rename(folder / name)


async def serve(folder: Path, port: int, host: str = "127.0.0.1") -> None:
    """Take letters until SIGINT or SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)

    def session() -> SMTP:
        return SMTP(Keep(folder), data_size_limit=LARGEST_LETTER, enable_SMTPUTF8=True, loop=loop)

    server = await loop.create_server(session, host, port)
    async with server:
        await stop.wait()


if __name__ == "__main__":
    os.umask(0o077)
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
