"""A private PostgreSQL cluster with PostGIS, reachable through a unix socket by our own system user alone."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from operate import account
from operate.supervising.process import Child, alive

DATABASE = "nerirepo"
SUPERUSER = "postgres"
OWNER = "nerirepo"
READER = "nerirepo_public"
RIGHTS = Path(__file__).parents[1] / "containers" / "roles.sql"
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")

LONGEST_SOCKET_PATH = 107  # bytes, by the kernel's sockaddr_un
SOCKET_NAME = ".s.PGSQL.5432"

SERVER_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",  # a few processes with a pool of 20 for each of two roles
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_slot_wal_keep_size": "10GB",  # for a backup that is away: it may lose its place, and never our disk
    # The detail of a broken unique key is somebody's address, as may be what a person types at night.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "jit": "off",  # our queries take milliseconds; compiling one takes hundreds
}


class NotInstalled(Exception):
    """PostgreSQL with PostGIS is not on this machine: script/bootstrap installs it."""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The cluster in `folder`, made when missing, for the length of the block; yields the owner's URL."""
    prepare(folder)
    with alive(child(folder), lambda: accepts(folder)):
        create_database(folder)
        yield url(folder)


def url(folder: Path, role: str = OWNER, database: str = DATABASE) -> str:
    """libpq URL. Roles: OWNER; READER, the restricted one; SUPERUSER."""
    return f"postgresql://{role}@/{database}?host={quote(str(_sockets(folder)), safe='/')}"


def prepare(folder: Path) -> None:
    """Make the cluster when it is missing, and clear away what a killed one left behind."""
    account.hand_over(folder)
    _sockets(folder).mkdir(mode=0o700, exist_ok=True)
    account.hand_over(_sockets(folder))
    data = folder / "data"
    if data.exists():
        _bury_the_dead(folder)
        return
    unfinished = folder / "data.unfinished"  # an interrupted initdb must not pass for a cluster
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [str(_programs() / "initdb"), f"--pgdata={unfinished}", f"--username={SUPERUSER}"]
    # Under the locale C pg_trgm silently indexes no Japanese.
    command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    done = subprocess.run(account.in_its_name(command), cwd="/", capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
    unfinished.rename(data)


def child(folder: Path) -> Child:
    """The server process, not yet started; logs to folder/log."""
    command = [str(_programs() / "postgres"), "-D", str(folder / "data"), "-k", str(_sockets(folder))]
    for name, value in SERVER_SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    # SIGINT is PostgreSQL's fast shutdown: sessions are ended, the data is left clean.
    log = folder / "log"
    return Child(
        "postgres",
        account.in_its_name(command),
        log=log,
        stop_with=signal.SIGINT,
        orphaned_by=signal.SIGINT,
    )


def accepts(folder: Path) -> bool:
    """Does the server answer queries?"""
    try:
        with psycopg.connect(url(folder, SUPERUSER, "postgres"), connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def create_database(folder: Path) -> None:
    """Make roles, extensions and the database when they are missing.

    The extensions stand in template1, so that every database made later has them, and the owner needs no more
    rights here than in production.
    """
    with psycopg.connect(url(folder, SUPERUSER, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            give_rights(folder)
            return
        for role, rights in ((OWNER, "LOGIN CREATEDB"), (READER, "LOGIN")):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(f"CREATE ROLE {role} {rights}".encode())
        with psycopg.connect(url(folder, SUPERUSER, "template1"), autocommit=True) as template:
            for extension in EXTENSIONS:
                template.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}".encode())
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}".encode())
    give_rights(folder)


def give_rights(folder: Path) -> None:
    """What the superuser gives and takes, as a server of the ward's own does it: see the file."""
    with psycopg.connect(url(folder, SUPERUSER), autocommit=True) as connection:
        connection.execute(RIGHTS.read_bytes())


def give_audit_back(folder: Path) -> None:
    """Before a migration, which may change audit tables; `migrate.upgrade` hands them over again."""
    with psycopg.connect(url(folder, SUPERUSER), autocommit=True) as connection:
        connection.execute("SELECT audit.give_back()")


def _sockets(folder: Path) -> Path:
    """The folder of the socket: inside `folder`, or a short stand-in where that path is too long."""
    inside = folder.absolute() / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) + len(".lock") <= LONGEST_SOCKET_PATH:
        return inside
    return Path(tempfile.gettempdir()) / f"nerirepo-{hashlib.sha256(os.fsencode(inside)).hexdigest()[:16]}"


def program(name: str) -> Path:
    """One that comes with the server or, where there is none, with the newest client: pg_basebackup."""
    try:
        return _programs() / name
    except NotInstalled:
        if clients := list(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")):
            return max(clients, key=lambda each: float(each.parts[-3]))
        raise


def _programs() -> Path:
    """The folder of initdb and postgres, of the newest version that has PostGIS."""
    versions = (folder.name for folder in Path("/usr/lib/postgresql").glob("*"))
    for version in sorted(versions, key=float, reverse=True):
        if Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists():
            return Path(f"/usr/lib/postgresql/{version}/bin")
    raise NotInstalled(NotInstalled.__doc__)


def _bury_the_dead(folder: Path) -> None:
    """Wait for a server whose supervisor was killed, then remove the pid files that one killed itself left.

    PostgreSQL does the latter only while no other process has got the old pid; after a reboot one may have.
    """
    pid_file = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + 30
    while _is_alive(pid_file):
        if time.monotonic() > deadline:
            raise RuntimeError(f"a PostgreSQL server still runs on {folder}")
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)
    for left in _sockets(folder).glob(f"{SOCKET_NAME}*"):
        left.unlink()


def _is_alive(pid_file: Path) -> bool:
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        started = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False
    return os.fsencode(pid_file.parent) in started
