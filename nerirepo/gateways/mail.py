"""Handing letters to the mail server, over one connection that is kept open while there is work.

A failure is `Temporary` (try again later) or `Permanent` (this letter will never be taken).
"""

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from nerirepo.base.settings import MAIL_PORTS, Settings, settings
from nerirepo.gateways.letter import Letter, on_the_wire
from nerirepo.words.address import on_the_wire as on_the_wire_address

SECONDS_FOR_A_COMMAND = 30
SECONDS_FOR_A_LETTER = 90
"""Others wait meanwhile."""
SECONDS_AWAY = 3
"""A server that could not be reached is not asked again for so long: a thousand letters cost one try."""
SECONDS_IDLE = 10
"""A kept connection saves half of the work in a burst; servers frown on those that are kept for nothing."""
SECONDS_TRUSTED = 2
"""After a pause, ask whether the server still listens before giving it a letter."""


class Temporary(Exception):
    """The server is busy or set up wrongly: the letter can be sent later."""


class Unreachable(Temporary):
    """The server could not be reached: for certain it has not got the letter."""


class Permanent(Exception):
    """The server will never take this letter, or not for this recipient."""


class RecipientNotAllowed(Exception):
    """Outside production, letters to strangers are not sent."""


def may_write_to(address: str, settings: Settings) -> bool:
    """Whether this installation may send to `address`. A trial must not mail residents by mistake."""
    return (
        settings.environment == "production"
        or settings.smtp_is_sink
        or address.lower() in settings.mail_recipients_allowed
    )


async def knock() -> None:
    """Connect and sign in as for a letter, and leave. Raises `Temporary`; its words say what is wrong."""
    server = _server()
    try:
        await server.connect()
        await server.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise _meaning(error) from error
    finally:
        server.close()


class Letterbox:
    """`async with Letterbox() as letterbox: await letterbox.post(letter)`. Used by one event loop.

    Letters of several tasks are handed over one after the other.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._server: aiosmtplib.SMTP | None = None
        self._last_used = 0.0
        self._closing: asyncio.Task[None] | None = None
        self._away_until = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._closing:
            self._closing.cancel()
        async with self._turn:
            await self._hang_up()

    @property
    def is_open(self) -> bool:
        """Whether a connection is kept at the moment."""
        return self._server is not None

    async def post(self, letter: Letter, *, while_: Callable[[], bool] = lambda: True) -> None:
        """Returns when the server has taken the letter; else raises one of the errors above.

        It may have to wait for its turn; then it goes only if it is still to, as `while_` says.
        """
        if not may_write_to(letter.to, settings()):
            raise RecipientNotAllowed(letter.to)
        message = await on_the_wire(letter)
        async with self._turn:
            try:
                async with asyncio.timeout(SECONDS_FOR_A_LETTER):
                    server = await self._connected()
                    if not while_():
                        raise Temporary("it was no longer ours to send")
                    await server.sendmail(letter.sender_address, [on_the_wire_address(letter.to)], message)
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                await self._hang_up()
                raise _meaning(error) from error
            self._last_used = asyncio.get_running_loop().time()
            self._close_when_idle()

    async def _connected(self) -> aiosmtplib.SMTP:
        now = asyncio.get_running_loop().time
        if self._server and self._server.is_connected:
            if now() - self._last_used < SECONDS_TRUSTED:
                return self._server
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await self._server.noop()
                return self._server
        await self._hang_up()
        if now() < self._away_until:
            raise Unreachable("the mail server was away a moment ago")
        self._server = _server()
        try:
            await self._server.connect()
        except (aiosmtplib.SMTPConnectError, TimeoutError) as error:
            self._away_until = now() + SECONDS_AWAY
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        return self._server

    def _close_when_idle(self) -> None:
        if self._closing is None or self._closing.done():
            self._closing = asyncio.create_task(self._hang_up_when_idle())

    async def _hang_up_when_idle(self) -> None:
        now = asyncio.get_running_loop().time
        while (left := self._last_used + SECONDS_IDLE - now()) > 0:
            await asyncio.sleep(left)
        async with self._turn:
            await self._hang_up()

    async def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server and server.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await server.quit(timeout=2)
            server.close()


def _server() -> aiosmtplib.SMTP:
    url = urlsplit(settings().smtp_url)
    return aiosmtplib.SMTP(
        hostname=url.hostname,
        port=url.port or MAIL_PORTS[url.scheme],
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        start_tls=url.scheme == "smtp+starttls",
        timeout=SECONDS_FOR_A_COMMAND,
        # What we call ourselves; looking it up would ask DNS.
        local_hostname=urlsplit(settings().base_url).hostname,
    )


def _meaning(error: Exception) -> Temporary | Permanent:
    """5xx is for good where it is about this letter. About us (password, sender) it can be mended."""
    said = error.recipients[0] if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else error
    if not isinstance(said, aiosmtplib.SMTPResponseException):
        return Temporary(f"{type(said).__name__}: {said}".rstrip(": "))
    words = f"{said.code} {said.message}"
    is_about_the_letter = isinstance(said, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    return Permanent(words) if is_about_the_letter and said.code >= 500 else Temporary(words)
