"""Every shipped file for nginx is one that nginx takes, and answers to the service's own name alone."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import uvicorn

from operate.account import CHECKOUT
from operate.supervising.own_parts import is_well
from operate.supervising.process import alive, free_port
from tests.faults.test_cache_while_down import Server
from tests.faults.test_proxy import echo
from tests.operate.own_database import SCRIPTS, secrets
from tests.operate.test_containers import proxy

NGINX = Path(sys.prefix) / "nginx" / "usr" / "sbin" / "nginx"

SHIPPED = sorted(
    file
    for folder in ("docs", "operate")
    for file in (CHECKOUT / folder).rglob("*.conf")
    if "proxy_pass" in file.read_text()
)
PLACES = {
    "/tmp/": "{folder}/",
    "listen 80;": "listen 8080;",  # which not everybody may
    "listen 80 ": "listen 8080 ",
    "/var/cache/nginx": "{folder}/cache",
    "/var/log/nginx/": "{folder}/",
    "/etc/nginx/": "{folder}/",
    "/run/secrets/": "{kept}/",
    "/dev/stderr": "{folder}/errors",
    "server site:": "server 127.0.0.1:",  # a name of the containers' own network
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return secrets(tmp_path_factory.mktemp("secrets") / "secrets")


def test_they_are_found() -> None:
    assert {CHECKOUT / "docs" / "nginx.conf", SCRIPTS / "nginx.conf"} <= {*SHIPPED}


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_nginx_takes_the_file(tmp_path: Path, kept: Path, file: Path) -> None:
    words = file.read_text()
    for shipped, here in PLACES.items():
        words = words.replace(shipped, here.format(folder=tmp_path, kept=kept))
    if "http {" not in words:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
        words = f"pid {tmp_path}/pid; events {{}} http {{ {temporary}\n{words}\n}}"
    (tmp_path / "cache").mkdir()
    (tmp_path / "mime.types").touch()
    (tmp_path / "nginx.conf").write_text(words)
    given = [NGINX, "-t", "-p", tmp_path, "-e", tmp_path / "errors", "-c", tmp_path / "nginx.conf"]
    checked = subprocess.run(given, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory, kept: Path) -> Iterator[dict[str, int]]:
    """Of the container's proxy, for https://machi.example.jp, before a site that says what it was asked."""
    ports = {name: free_port() for name in ("site", "site-2", "http", "https", "health")}
    server = Server(
        uvicorn.Config(
            echo, port=ports["site"], log_level="critical", lifespan="off", forwarded_allow_ips="127.0.0.1"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        child = proxy(tmp_path_factory.mktemp("proxy"), kept, ports, base_url="https://machi.example.jp:8443")
        with alive(child, lambda: is_well(f"http://127.0.0.1:{ports['health']}/robots.txt")):
            yield ports
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("path", ["/", "/v1/service", "/desk/sign-in", "/l/report/token"])
def test_the_container_s_proxy_answers_to_one_name(ports: dict[str, int], path: str) -> None:
    with httpx2.Client(verify=False) as client:
        for port, told in (("https", 200), ("http", 301)):
            address = f"{port}://127.0.0.1:{ports[port]}{path}"
            assert client.get(address, headers={"Host": "machi.example.jp"}).status_code == told
            for name in ("evil.example", "127.0.0.1", "machi.example.jp.evil.example"):
                refused = client.get(address, headers={"Host": name})
                assert refused.status_code == 421, (port, name)
                assert "location" not in refused.headers


def test_the_container_s_proxy_says_itself_who_a_client_is(ports: dict[str, int]) -> None:
    claims = {"Host": "machi.example.jp", "X-Forwarded-For": "203.0.113.50", "X-Forwarded-Proto": "http"}
    with httpx2.Client(transport=httpx2.HTTPTransport(local_address="127.0.0.3", verify=False)) as client:
        answer = client.get(f"https://127.0.0.1:{ports['https']}/v1/me", headers=claims)
    assert answer.text == "127.0.0.3 0 https"


@pytest.mark.parametrize(("size", "told"), [(20_000_000, 200), (26_300_000, 413)])
def test_the_container_s_proxy_lets_photos_through(ports: dict[str, int], size: int, told: int) -> None:
    with httpx2.Client(verify=False, timeout=60) as client:
        answer = client.put(
            f"https://127.0.0.1:{ports['https']}/v1/photos/1/bytes",
            headers={"Host": "machi.example.jp"},
            content=bytes(size),
        )
    assert answer.status_code == told


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_no_shipped_file_logs_what_is_asked(file: Path) -> None:
    said = [line.split("#")[0].split() for line in file.read_text().splitlines()]
    logs = [words for words in said if words[:1] in (["access_log"], ["error_log"])]
    assert {tuple(words) for words in logs if words[0] == "access_log"} == {("access_log", "off;")}
    assert {words[-1] for words in logs if words[0] == "error_log"} == {"crit;"}
