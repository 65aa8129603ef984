"""How does a person ask the database something at night? Through psql, as the service's own role."""

import os
import subprocess

from psycopg.pq import Conninfo

from nerirepo.base.settings import settings
from operate.embedded import postgres


def psql(arguments: list[str]) -> int:
    """Run psql on our own terminal; its exit status. The password is not on the command line."""
    given = {
        option.envvar.decode(): option.val.decode()
        for option in Conninfo.parse(settings().database_url.encode())
        if option.envvar and option.val
    }
    environment = given | {"PGOPTIONS": "-c search_path=public,jobs"}
    command = [str(postgres.program("psql")), "--no-psqlrc", *arguments]
    return subprocess.run(command, env=os.environ | environment).returncode
