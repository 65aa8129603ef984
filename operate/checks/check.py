"""Is everything that the service needs there and set right? One line a check, with the way out when not."""

from collections.abc import Callable, Mapping

from nerirepo.base.settings import settings
from operate.checks import backups, database, gateways, machine, waiting
from operate.checks.probe import Fault, first_line
from operate.home import Home
from operate.supervising.supervisor import say

Check = Callable[[], str | None]
"""Raises `Fault`, or says what is worth knowing."""

INSIDE: Mapping[str, Check] = {
    "PostGIS": database.postgis,
    "schema": database.schema,
    "durability": database.durability,
    "database settings": database.database_settings,
    "Japanese search": database.japanese_search,
    "restricted role": database.restricted_role,
    "audit": database.audit,
    "clock": machine.clock_agrees,
    "jobs": waiting.jobs,
    "queue": waiting.queue,
    "letters": waiting.letters,
    "clients": waiting.clients,
    "archive": backups.archive,
    "backup": backups.backup,
}
"""What only a database that answers can tell."""


def check(home: Home) -> bool:
    """Print every check's result; True when all is well. Raises `SettingsWrong`."""
    named = settings()
    around: Mapping[str, Check] = {
        "settings": machine.variables,
        "buckets": gateways.buckets,
        "mail server": gateways.mail_server,
        "disk space": lambda: machine.space(home.folder),
    }
    if named.environment == "production" and named.trusted_network_hosts:
        say(f"  note  what is not encrypted may go to: {named.trusted_network_hosts}")
    results = [_one(name, each) for name, each in around.items()]
    if is_there := _one("database", database.is_there):
        results += [_one(name, each) for name, each in INSIDE.items()]
    else:
        say(f"       not asked without it: {', '.join(INSIDE)}")
    return all(results) and is_there


def _one(name: str, examine: Callable[[], str | None]) -> bool:
    try:
        told = examine()
    except Fault as fault:
        say(f"FAULT  {name}: {fault}")
    except Exception as error:  # whatever a driver raises: the person wants the other checks too
        say(f"FAULT  {name}: {type(error).__name__}: {first_line(error)}")
    else:
        say(f"ok     {name}{f': {told}' if told else ''}")
        return True
    return False
