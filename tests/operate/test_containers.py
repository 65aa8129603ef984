"""docker-compose.yml and the Dockerfile, as far as they can be tried without containers: they are well
formed, and their commands do what they must."""

import json
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from operate.account import CHECKOUT
from operate.supervising.own_parts import is_well
from operate.supervising.process import Child, alive, answers, free_port
from tests.faults.service import eventually
from tests.operate import own_database
from tests.operate.own_database import SCRIPTS, secrets

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, each in SERVICES.items() if each["image"] == "nerirepo"]


@pytest.mark.long
@pytest.mark.parametrize("profile", [[], ["--profile", "trial"]], ids=["production", "trial"])
def test_docker_compose_understands_the_file(tmp_path: Path, profile: list[str]) -> None:
    shutil.copy(CHECKOUT / "docker-compose.yml", tmp_path)
    secrets(tmp_path / "secrets")
    checked = subprocess.run(
        ["docker-compose", *profile, "config", "--services"], cwd=tmp_path, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    assert set(checked.stdout.split()) == set(SERVICES)


@pytest.mark.long
def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    linter = Path(sys.prefix) / "bin" / "hadolint"
    checked = subprocess.run([linter, CHECKOUT / "Dockerfile"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_secrets_are_made_once_and_none_stands_in_the_file(tmp_path: Path) -> None:
    folder = secrets(tmp_path / "secrets")
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    secrets(folder)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
    assert set(COMPOSE["secrets"]) == set(before)
    assert folder.stat().st_mode & 0o077 == 0


def test_nothing_but_the_proxy_and_the_trial_s_inbox_is_reached_from_outside() -> None:
    assert {name for name, each in SERVICES.items() if each.get("ports")} == {"proxy", "inbox"}
    assert SERVICES["inbox"]["ports"] == ["127.0.0.1:8025:8025"]
    assert COMPOSE["networks"]["inside"]["internal"]
    (network,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    trusted = SERVICES["site"]["environment"]["NERIREPO_TRUSTED_PROXIES"]
    assert trusted.split()[0] == network["subnet"]


def test_every_container_of_ours_runs_with_as_few_rights_as_can_be() -> None:
    for name in OURS:
        assert SERVICES[name]["read_only"], name
        assert SERVICES[name]["cap_drop"] == ["ALL"], name
    *_, last_user = [line for line in (CHECKOUT / "Dockerfile").read_text().splitlines() if "USER " in line]
    assert last_user == "USER 10001:10001"


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A server such as the image's, with the roles as its first start makes them; the secrets."""
    folder = tmp_path_factory.mktemp("database") / "postgres"
    kept = secrets(tmp_path_factory.mktemp("secrets") / "secrets")
    with own_database.running(folder):
        own_database.first_start(folder, kept)
        yield folder, kept


def command(service: str, changes: dict[str, str]) -> list[str]:
    """What the container runs, with our folders and ports for its own."""
    words = SERVICES[service]["command"]
    python = {"python": sys.executable, "nerirepo": "  ".join([sys.executable, "-P", "-m", "operate"])}
    for old, new in (changes | python).items():
        words = [new if word == old else word for word in words]
    words = [part.replace("$$", "$") for word in words for part in word.split("  ")]
    return [str(SCRIPTS / "with-secrets.sh"), *words]


NGINX = Path(sys.prefix) / "nginx" / "usr" / "sbin" / "nginx"


def proxy(folder: Path, kept: Path, ports: dict[str, int], *, base_url: str) -> Child:
    """nginx as the container starts it, but for its addresses and folders, before two sites."""
    there = (SCRIPTS / "nginx.conf").read_text()
    sites = f"127.0.0.1:{ports['site']} max_fails=0; server 127.0.0.1:{ports['site-2']}"
    for old, new in {
        "/tmp/": f"{folder}/",
        "include /etc/nginx/mime.types;": "",  # of another package; what we serve says its own type
        "/run/secrets/": f"{kept}/",
        "/var/cache/nginx": f"{folder}/cache",
        "site:8000": sites,
        "listen 8080": f"listen 127.0.0.1:{ports['http']}",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{ports['health']}",
        "listen 8443 ": f"listen 127.0.0.1:{ports['https']} ",
    }.items():
        assert old in there, old
        there = there.replace(old, new)
    (folder / "ours.conf").write_text(there)
    *shell, script = SERVICES["proxy"]["command"]
    for old, new in {
        "$$": "$",
        "/tmp/": f"{folder}/",
        "/etc/nginx/nginx.conf": f"{folder}/ours.conf",
        "exec nginx": f"exec {NGINX} -p {folder} -e /dev/stderr",
    }.items():
        assert old in script, old
        script = script.replace(old, new)
    return Child("proxy", [*shell, script], {"BASE_URL": base_url}, log=folder / "proxy.log")


@pytest.mark.long
def test_the_containers_commands_bring_a_production_up(
    database: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, kept = database
    work = tmp_path_factory.mktemp("work")
    for folder in ("s3", "mail", "backup", "home", "proxy"):
        (work / folder).mkdir()
    named = ("site", "site-2", "worker", "worker-2", "store", "mail", "inbox", "http", "https", "health")
    ports = {name: free_port() for name in named}
    for name in [each for each in os.environ if each.startswith("NERIREPO_")]:
        monkeypatch.delenv(name)
    given = {
        name: str(value) for name, value in SERVICES["site"]["environment"].items() if "${" not in str(value)
    }
    environment = given | {
        "SECRETS": str(kept),
        "NERIREPO_ENVIRONMENT": "production",
        "NERIREPO_HOME": str(work / "home"),
        "NERIREPO_BASE_URL": f"https://localhost:{ports['https']}",
        "NERIREPO_S3_ENDPOINT": f"http://127.0.0.1:{ports['store']}",
        "NERIREPO_SMTP_URL": f"smtp://127.0.0.1:{ports['mail']}",
        "NERIREPO_METRICS_HOST": "127.0.0.1",
        "NERIREPO_TRUSTED_PROXIES": "127.0.0.1",
    }
    changes = {
        "0.0.0.0": "127.0.0.1",
        "1025": str(ports["mail"]),
        "0.0.0.0:8025": f"127.0.0.1:{ports['inbox']}",
        "/mail": str(work / "mail"),
        "/backup": str(work / "backup"),
    }

    def child(service: str, name: str | None = None) -> Child:
        name = name or service
        words = command(service, changes | {"8000": str(ports.get(name, 0))})
        if service == "store":
            words[-1] = words[-1].replace("/s3 ", f"{work / 's3'} ").replace(":9000", f":{ports['store']}")
        own = {
            "NERIREPO_METRICS_PORT": str(free_port()),
            "NERIREPO_WORKER_PORT": str(ports.get(name, 0)),
        }
        return Child(name, words, environment | own, log=work / f"{name}.log")

    def healthy(service: str, name: str | None = None) -> bool:
        address = SERVICES[service]["healthcheck"]["test"][-1]
        for old in ("8000", "8003", "9000"):
            address = address.replace(old, str(ports[name or service]))
        done = subprocess.run([sys.executable, "-m", "operate.checks.healthy", address], cwd=CHECKOUT)
        return done.returncode == 0

    def run(*words: str) -> str:
        archive = command("archive", changes)
        nerirepo = archive[: archive.index("backup")]
        done = subprocess.run(
            [*nerirepo, *words], env=os.environ | environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    path = f"{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    with ExitStack() as stack:
        stack.enter_context(alive(child("store"), lambda: healthy("store")))
        stack.enter_context(alive(child("mail"), lambda: answers(ports["mail"])))
        stack.enter_context(
            alive(child("inbox"), lambda: is_well(f"http://127.0.0.1:{ports['inbox']}/health/live"))
        )
        prepare = child("prepare")
        prepare.start()
        assert prepare.process
        assert prepare.process.wait(120) == 0, prepare._last_words()
        assert "desk@" in (work / "prepare.log").read_text()
        for service, name in (
            ("site", "site"),
            ("site", "site-2"),
            ("worker", "worker"),
            ("worker", "worker-2"),
        ):
            stack.enter_context(
                alive(child(service, name), lambda service=service, name=name: healthy(service, name))
            )
        stack.enter_context(alive(child("archive"), lambda: bool(list((work / "backup/wal").glob("0*")))))
        stack.enter_context(
            alive(
                proxy(work / "proxy", kept, ports, base_url=environment["NERIREPO_BASE_URL"]),
                lambda: is_well(f"http://127.0.0.1:{ports['health']}/robots.txt"),
            )
        )

        run("backup", "run", str(work / "backup"))
        said = run("check")
        assert "FAULT" not in said
        assert "last base 0 min ago, last archived change 0 min ago" in said
        _is_one_service_behind_tls(ports, ssl.create_default_context(cafile=kept / "tls.crt"))
        assert [json.loads(line)["process"] for line in (work / "site-2.log").read_text().splitlines()]
        (letter,) = eventually(lambda: list((work / "mail").glob("*.eml")), "the letter with the code")
        assert b"hanako@example.jp" in letter.read_bytes()


def _is_one_service_behind_tls(ports: dict[str, int], trusted: ssl.SSLContext) -> None:
    """As a resident's browser sees it, who checks the certificate."""
    with httpx2.Client(base_url=f"https://localhost:{ports['https']}", verify=trusted, timeout=30) as browser:
        eventually(lambda: browser.get("/").headers["x-cache"] == "HIT", "the cache keeps a page")
        assert "max-age" in browser.get("/").headers["strict-transport-security"]
        assert browser.get("/health/ready").status_code == 404
        service = browser.get("/v1/service")
        assert "x-cache" not in service.headers or service.headers["x-cache"] != "HIT"
        begun = browser.post("/v1/sign-in", json={"email": "hanako@example.jp", "locale": "ja"})
        assert begun.status_code == 202
        desk = browser.get("/desk", follow_redirects=True)
        assert desk.status_code == 200
        assert str(desk.url).startswith(f"https://localhost:{ports['https']}/")
    plain = httpx2.get(f"http://localhost:{ports['http']}/reports?town=1", headers={"Host": "localhost"})
    assert (plain.status_code, plain.headers["location"]) == (301, "https://localhost/reports?town=1")
