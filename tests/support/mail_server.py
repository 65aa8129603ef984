"""A mail server with moods: it answers as a test tells it to, and remembers what it saw."""

import asyncio
import selectors
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlmodel import select

from nerirepo.base.settings import settings
from nerirepo.database.db import transaction
from nerirepo.gateways.mail import Letterbox
from nerirepo.notifications.notify import send_code
from nerirepo.notifications.send import send
from nerirepo.notifications.tables import Delivery
from operate.supervising.process import free_port


class MoodyServer:
    """`to_recipient` and `to_letter` are its next answers, one a letter; afterwards it takes everything."""

    def __init__(self) -> None:
        self.to_recipient: list[str] = []
        self.to_letter: list[str] = []
        self.letters: list[EmailMessage] = []
        self.connections: set[tuple[str, int]] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(session.peer)
        answer = self.to_recipient.pop(0) if self.to_recipient else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.to_letter.pop(0) if self.to_letter else "250 OK"
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.letters.append(message_from_bytes(envelope.content, policy=default))
        return answer


def run(act: Coroutine[object, object, None]) -> None:
    """As asyncio.run, but ends when the last connection has: those with TLS say goodbye in the background."""
    selector = selectors.DefaultSelector()

    async def until_closed() -> None:
        try:
            await act
        finally:
            while len(selector.get_map()) > 1:  # the event loop's own
                await asyncio.sleep(0.01)

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        runner.run(until_closed())


@contextmanager
def moody(monkeypatch: pytest.MonkeyPatch) -> Iterator[MoodyServer]:
    """Such a server, with our settings leading to it."""
    server = MoodyServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with mailing_to(monkeypatch, f"smtp://127.0.0.1:{controller.port}"):
            yield server
    finally:
        controller.stop()


@contextmanager
def mailing_to(monkeypatch: pytest.MonkeyPatch, url: str, **other: str) -> Iterator[None]:
    """Our settings lead to another mail server for a while."""
    with monkeypatch.context() as changed:
        changed.setenv("NERIREPO_SMTP_URL", url)
        for name, value in other.items():
            changed.setenv(f"NERIREPO_{name.upper()}", value)
        settings.cache_clear()
        yield
    settings.cache_clear()


def mail_code(challenge_id: str) -> None:
    """The worker's part of a sign-in: its letter is written, and given once to the mail server."""
    with transaction() as session:
        send_code(session, UUID(challenge_id))
        delivery_id = session.exec(select(Delivery.id).where(Delivery.cause_id == challenge_id)).one()

    async def post() -> None:
        async with Letterbox() as letterbox:
            await send(letterbox, delivery_id)

    run(post())
