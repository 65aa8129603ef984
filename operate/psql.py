"""How does a person ask the database something at night? Through psql, as the service's own role."""

import os
import subprocess

from sqlalchemy.engine import make_url

from nerirepo.settings import settings
from operate.embedded import postgres


def psql(arguments: list[str]) -> int:
    """Run psql on our own terminal; its exit status. The password is not on the command line."""
    url = make_url(settings().database_url)
    given = {
        "PGHOST": url.query.get("host") or url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode"),
        "PGOPTIONS": "-c search_path=public,jobs",
    }
    environment = {name: str(value) for name, value in given.items() if value}
    command = [str(postgres.program("psql")), "--no-psqlrc", *arguments]
    return subprocess.run(command, env=os.environ | environment).returncode
