"""A proxy that does not say for whom it asks, or is not believed, is noticed and told."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from nerirepo.base.settings import Settings
from nerirepo.database import noticed
from nerirepo.database.db import reading, transaction
from operate.serving import proxy_watch, serve
from operate.serving.proxy_watch import REQUESTS, ProxyWatch
from tests.support.statements import sent_statements

pytestmark = pytest.mark.usefixtures("database")

INSIDE, RESIDENT, ANOTHER = "172.31.131.4", "8.8.4.4", "2001:4860:4860::8888"
FORWARDED = [(b"x-forwarded-for", b"8.8.8.8")]
NEWER = [(b"forwarded", b"for=8.8.8.8")]


async def app(scope: Any, receive: Any, send: Any) -> None:
    CLIENTS[scope["client"][0]] += 1


CLIENTS: Counter[str] = Counter()


@pytest.fixture(autouse=True)
def nothing_noticed() -> Iterator[None]:
    yield
    with transaction() as session:
        noticed.forget(session, noticed.PROXY)


def why() -> str:
    with reading() as session:
        found = noticed.noted(session, noticed.PROXY)
    return found.words if found else ""


def asked(watch: ProxyWatch, *requests: tuple[str, list, int], path: str = "/") -> list[str]:
    """What was logged while so many requests came from each peer with such headers."""

    async def story() -> None:
        for peer, headers, times in requests:
            for _ in range(times):
                scope = {"type": "http", "path": path, "headers": headers, "client": (peer, 1)}
                await watch(scope, None, None)  # type: ignore[arg-type]
                if watch._telling:
                    await watch._telling

    with capture_logs() as lines:
        asyncio.run(story())
    return [line["why"] for line in lines]


SEEN = {
    "a proxy nobody trusts": ("", [(INSIDE, FORWARDED, 100)], f"from {INSIDE}, and their X-Forwarded-For"),
    "one outside": ("", [(RESIDENT, FORWARDED, 100)], "from outside, and their X-Forwarded-For"),
    "the newer header": ("172.31.131.0/24", [(INSIDE, NEWER, 100)], "is not believed"),
    "another than is trusted": ("10.0.0.1", [(INSIDE, FORWARDED, 100)], "NERIREPO_TRUSTED_PROXIES must name"),
    "a proxy that says nothing": ("", [("127.0.0.1", [], 100)], "from 127.0.0.1, and none says for whom"),
    "a trusted one that says nothing": (INSIDE, [(INSIDE, [], 100)], "the proxy there must send"),
    "which passes on what is claimed": ("", [(INSIDE, [], 96), (INSIDE, FORWARDED, 4)], "none says for whom"),
    "a trusted proxy": ("172.31.131.0/24", [(INSIDE, FORWARDED, 100)], ""),
    "no proxy": ("", [(RESIDENT, [], 60), (ANOTHER, [], 40)], ""),
    "no proxy, and somebody makes headers up": ("", [(RESIDENT, [], 60), (ANOTHER, FORWARDED, 40)], ""),
    "no proxy, and a probe of one's own": ("", [("127.0.0.1", [], 60), (RESIDENT, [], 40)], ""),
    "too few to tell": ("", [(INSIDE, FORWARDED, 99)], ""),
}


@pytest.mark.parametrize(("trusted", "requests", "told"), SEEN.values(), ids=SEEN.keys())
def test_clients_that_cannot_be_told_apart_are_noticed(trusted: str, requests: list, told: str) -> None:
    lines = asked(ProxyWatch(app, trusted), *requests)
    assert lines == ([why()] if told else [])
    assert told in why()


def test_it_is_said_once_and_forgotten_when_it_is_mended() -> None:
    watch = ProxyWatch(app, INSIDE)
    assert len(asked(watch, (INSIDE, [], 5 * REQUESTS))) == 1
    assert why()
    assert asked(watch, (INSIDE, FORWARDED, REQUESTS)) == []
    assert why() == ""


def test_nothing_is_written_for_a_request() -> None:
    watch = ProxyWatch(app, "")
    asked(watch, (INSIDE, FORWARDED, REQUESTS))
    with sent_statements() as sent:
        asked(watch, (INSIDE, FORWARDED, 10 * REQUESTS))
    assert sent == []


def test_those_who_ask_for_our_health_do_not_count() -> None:
    assert asked(ProxyWatch(app, ""), (INSIDE, [], 200), path="/health/ready") == []
    assert why() == ""


def test_a_database_that_is_away_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def away() -> Any:
        raise OperationalError("", {}, Exception())

    watch = ProxyWatch(app, "")
    with monkeypatch.context() as changed:
        changed.setattr(proxy_watch, "transaction", away)
        asked(watch, (INSIDE, FORWARDED, REQUESTS))
    assert why() == ""
    asked(watch, (INSIDE, FORWARDED, REQUESTS))
    assert why()


@pytest.mark.parametrize("environment", ["production", "development"])
def test_a_production_watches_and_believes_whom_it_trusts(
    monkeypatch: pytest.MonkeyPatch, environment: str
) -> None:
    given = Settings.model_construct(environment=environment, trusted_proxies=INSIDE)
    monkeypatch.setattr(serve, "settings", lambda: given)
    served = serve.told_apart(app)
    assert isinstance(served, ProxyWatch) == (environment == "production")
    CLIENTS.clear()
    for headers in (FORWARDED, []):
        scope = {"type": "http", "path": "/", "headers": headers, "client": (INSIDE, 1)}
        asyncio.run(served(scope, None, None))  # type: ignore[arg-type]
    assert CLIENTS == {"8.8.8.8": 1, INSIDE: 1}
