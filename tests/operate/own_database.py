"""A PostgreSQL of the ward's own, with the roles and rights that the database's container gives."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from operate.account import CHECKOUT
from operate.embedded import postgres
from operate.supervising.process import alive

SCRIPTS = CHECKOUT / "operate" / "containers"
ROLES = (("", "nerirepo"), ("PUBLIC_", "nerirepo_public"), ("BACKUP_", "nerirepo_backup"))


def secrets(folder: Path) -> Path:
    subprocess.run([SCRIPTS / "make-secrets.sh", folder], check=True)
    return folder


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """The server on folder/data, made when it is missing; nothing of ours in it."""
    postgres.prepare(folder)
    with alive(postgres.child(folder), lambda: postgres.accepts(folder)):
        yield


def first_start(folder: Path, kept: Path) -> None:
    """What the image does at its first start; then the secrets lead to this server."""
    superuser = postgres.url(folder, postgres.SUPERUSER, "postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE DATABASE nerirepo")
    given = {
        "PGHOST": str(postgres._sockets(folder)),
        "PGDATA": str(folder / "data"),
        "POSTGRES_USER": postgres.SUPERUSER,
        "POSTGRES_DB": "nerirepo",
        "SECRETS": str(kept),
    }
    subprocess.run([SCRIPTS / "create-roles.sh"], env=os.environ | given, check=True)
    for name, role in ROLES:
        (kept / f"NERIREPO_{name}DATABASE_URL").write_text(postgres.url(folder, role))


def urls(folder: Path) -> dict[str, str]:
    return {f"NERIREPO_{name}DATABASE_URL": postgres.url(folder, role) for name, role in ROLES}
