"""A bad line between phones and the service: requests arrive, and some answers do not come back."""

import asyncio
import contextlib
import random
import threading
from typing import Self

from operate.process import free_port

LOSES = 0.4
"""Of the connections, the share on which no answer comes back."""


class LossyLine:
    """Listens on `url` and passes on to the service. Each connection carries one request."""

    def __init__(self, to_port: int, seed: int) -> None:
        self.port, self._to_port = free_port(), to_port
        self.url = f"http://localhost:{self.port}"
        self.is_lossy = True
        self.lost = 0
        self._chance = random.Random(f"{seed} line")

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = asyncio.start_server(self._carry, "localhost", self.port)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        tasks = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loses = self.is_lossy and self._chance.random() < LOSES
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        except OSError:
            writer.close()
            return
        there = asyncio.create_task(_pour(reader, far_writer))
        try:
            while chunk := await far_reader.read(65536):
                if loses:
                    # The service has answered: what it did is done, and nobody hears of it.
                    self.lost += 1
                    break
                writer.write(chunk)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass  # hung up by either side, or by us at the end
        finally:
            there.cancel()
            await asyncio.gather(there, return_exceptions=True)
            for each in (writer, far_writer):
                with contextlib.suppress(OSError):
                    each.transport.abort()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
