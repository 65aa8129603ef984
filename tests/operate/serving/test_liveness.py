"""A process that waits for the database lives: whoever ended it for that would lose what it does besides."""

import asyncio
import threading

import pytest
from anyio import to_thread
from httpx2 import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from operate.serving.front import create_api
from web_public.app import create_app as create_public_site
from web_staff.app import create_app as create_staff_site


@pytest.mark.parametrize(
    ("app", "path"),
    [
        (create_api(), "/health/live"),
        (create_public_site(), "/health/live"),
        (create_staff_site(), "/health/live"),
    ],
)
def test_a_process_all_of_whose_threads_wait_says_that_it_lives(app: ASGIApp, path: str) -> None:
    async def story() -> None:
        may_end = threading.Event()
        threads = int(to_thread.current_default_thread_limiter().total_tokens)
        waiting = [asyncio.create_task(to_thread.run_sync(may_end.wait)) for _ in range(threads)]
        try:
            async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as client:
                answer = await asyncio.wait_for(client.get(path), timeout=10)
        finally:
            may_end.set()
            await asyncio.gather(*waiting)
        assert answer.status_code == 200

    asyncio.run(story())
