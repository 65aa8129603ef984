"""A mail server that keeps what it takes in the order in which it came, and misbehaves when it is told to."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from operate.supervising.process import free_port


@dataclass(frozen=True)
class Taken:
    """A letter that the server has got whole, whether or not it could still say so."""

    to: str
    message_id: str
    message: EmailMessage
    at: float
    """`time.monotonic()`."""
    was_answered: bool


@dataclass
class PostOffice:
    """`to_recipient`, `to_letter`: what it answers while set; `seconds`: how slowly; `cut`: how many letters
    it takes and then drops the line instead of answering; `is_tarpit`: it lets one in and says nothing."""

    port: int = field(default_factory=free_port)
    to_recipient: str | None = None
    to_letter: str | None = None
    seconds: float = 0.0
    cut: int = 0
    is_tarpit: bool = False
    stuck: int = 0
    """Connections that were let in and told nothing."""
    taken: list[Taken] = field(default_factory=list)
    refused: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def letters_to(self, address: str) -> list[Taken]:
        return [each for each in list(self.taken) if each.to == address]

    # --- open and closed ----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def open(self) -> None:
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)

    def close(self) -> None:
        """Refuse new connections and drop those that stand."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)

    @contextmanager
    def closed(self) -> Iterator[None]:
        self.close()
        try:
            yield
        finally:
            self.open()

    async def _open(self) -> None:
        self._sessions: set[SMTP] = set()
        self._server = await self._loop.create_server(self._session, "127.0.0.1", self.port)

    def hang_up(self) -> None:
        """Drop the conversations that stand; new ones are welcome."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(10)

    async def _close(self) -> None:
        self._server.close()
        await self._hang_up()

    async def _hang_up(self) -> None:
        for each in list(self._sessions):
            if each.transport:
                each.transport.abort()
        await asyncio.sleep(0)
        tasks = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _session(self) -> asyncio.Protocol:
        if self.is_tarpit:
            self.stuck += 1
            return asyncio.Protocol()
        session = SMTP(self, data_size_limit=32 * 1024 * 1024, enable_SMTPUTF8=True, loop=self._loop)
        self._sessions.add(session)
        return session

    # --- what the server asks -----------------------------------------------------------------------

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.seconds)
        if self.to_recipient:
            self.refused += 1
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds)
        if self.to_letter:
            self.refused += 1
            return self.to_letter
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        is_cut = self.cut > 0
        for to in envelope.rcpt_tos:
            self.taken.append(
                Taken(to, str(message["Message-ID"]).strip("<>"), message, time.monotonic(), not is_cut)
            )
        if is_cut:
            self.cut -= 1
            assert server.transport
            server.transport.abort()
            await asyncio.sleep(3600)  # until the loss of the line ends us
        return "250 OK"
