"""docker-compose.yml and the Dockerfile, as far as they can be tried without containers: they are well
formed, and their commands do what they must."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from operate.account import CHECKOUT
from operate.embedded import postgres
from operate.process import Child, alive, free_port
from operate.up import is_well

SCRIPTS = CHECKOUT / "operate" / "containers"
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, each in SERVICES.items() if each["image"] == "nerirepo"]


def secrets(folder: Path) -> Path:
    subprocess.run([SCRIPTS / "make-secrets.sh", folder], check=True)
    return folder


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
    assert COMPOSE["networks"]["inside"] == {"internal": True}


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
    postgres.prepare(folder)
    with alive(postgres.child(folder), lambda: postgres.accepts(folder)):
        superuser = postgres.url(folder, postgres.SUPERUSER, "postgres")
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("CREATE DATABASE nerirepo")
        first_start = {
            "PGHOST": str(postgres._sockets(folder)),
            "PGDATA": str(folder / "data"),
            "POSTGRES_USER": postgres.SUPERUSER,
            "POSTGRES_DB": "nerirepo",
            "SECRETS": str(kept),
        }
        subprocess.run([SCRIPTS / "create-roles.sh"], env=os.environ | first_start, check=True)
        for name, role in (("", "nerirepo"), ("PUBLIC_", "nerirepo_public"), ("BACKUP_", "nerirepo_backup")):
            (kept / f"NERIREPO_{name}DATABASE_URL").write_text(postgres.url(folder, role))
        yield folder, kept


def command(service: str, changes: dict[str, str]) -> list[str]:
    """What the container runs, with our folders and ports for its own."""
    words = SERVICES[service]["command"]
    python = {"python": sys.executable, "nerirepo": "  ".join([sys.executable, "-P", "-m", "operate"])}
    for old, new in (changes | python).items():
        words = [new if word == old else word for word in words]
    words = [part.replace("$$", "$") for word in words for part in word.split("  ")]
    return [str(SCRIPTS / "with-secrets.sh"), *words]


@pytest.mark.long
def test_the_containers_commands_bring_the_service_up(
    database: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, kept = database
    work = tmp_path_factory.mktemp("work")
    for folder in ("s3", "mail", "backup", "home"):
        (work / folder).mkdir()
    ports = {name: free_port() for name in ("site", "worker", "store", "mail", "inbox")}
    for name in [each for each in os.environ if each.startswith("NERIREPO_")]:
        monkeypatch.delenv(name)
    given = {
        name: str(value) for name, value in SERVICES["site"]["environment"].items() if "${" not in str(value)
    }
    environment = given | {
        "SECRETS": str(kept),
        "NERIREPO_HOME": str(work / "home"),
        "NERIREPO_BASE_URL": "https://localhost:8443",
        "NERIREPO_S3_ENDPOINT": f"http://127.0.0.1:{ports['store']}",
        "NERIREPO_SMTP_URL": f"smtp://127.0.0.1:{ports['mail']}",
        "NERIREPO_SMTP_IS_SINK": "true",
        "NERIREPO_WORKER_PORT": str(ports["worker"]),
        "NERIREPO_METRICS_HOST": "127.0.0.1",
    }
    changes = {
        "8000": str(ports["site"]),
        "0.0.0.0": "127.0.0.1",
        "1025": str(ports["mail"]),
        "0.0.0.0:8025": f"127.0.0.1:{ports['inbox']}",
        "/mail": str(work / "mail"),
        "/backup": str(work / "backup"),
    }

    def child(service: str) -> Child:
        words = command(service, changes)
        if service == "store":
            words[-1] = words[-1].replace("/s3 ", f"{work / 's3'} ").replace(":9000", f":{ports['store']}")
        metrics = {"NERIREPO_METRICS_PORT": str(free_port())}
        return Child(service, words, environment | metrics, log=work / f"{service}.log")

    def healthy(service: str) -> bool:
        address = SERVICES[service]["healthcheck"]["test"][-1]
        for old, new in (("8000", "site"), ("8003", "worker"), ("9000", "store")):
            address = address.replace(old, str(ports[new]))
        done = subprocess.run([sys.executable, "-m", "operate.healthy", address], cwd=CHECKOUT)
        return done.returncode == 0

    path = f"{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    with ExitStack() as stack:
        stack.enter_context(alive(child("store"), lambda: healthy("store")))
        stack.enter_context(alive(child("mail"), lambda: True))
        stack.enter_context(
            alive(child("inbox"), lambda: is_well(f"http://127.0.0.1:{ports['inbox']}/health/live"))
        )
        prepare = child("prepare")
        prepare.start()
        assert prepare.process
        assert prepare.process.wait(120) == 0, prepare._last_words()
        assert "desk@" in (work / "prepare.log").read_text()
        for service in ("site", "worker"):
            stack.enter_context(alive(child(service), lambda service=service: healthy(service)))
        stack.enter_context(alive(child("archive"), lambda: bool(list((work / "backup/wal").glob("0*")))))
        assert is_well(f"http://127.0.0.1:{ports['site']}/v1/service")
        copied = subprocess.run(
            [*command("archive", changes)[:-2], "run", str(work / "backup")],
            env=os.environ | environment,
            capture_output=True,
            text=True,
        )
        assert copied.returncode == 0, copied.stderr
