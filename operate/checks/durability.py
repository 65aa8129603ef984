"""Does the database keep through a crash what it has acknowledged? Asked at each start, and by `check`."""

from nerirepo.database import sql
from nerirepo.database.db import reading

MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")


class NotDurable(Exception):
    """The database is set up so that a crash would lose what people were told is safe."""


def assert_durable() -> None:
    """Raises `NotDurable`, which names the settings."""
    asked = ", ".join(f"current_setting('{name}') AS {name}" for name in MUST_BE_ON)
    with reading() as session:
        found = sql.first(session, f"SELECT {asked}")
    if off := [name for name in MUST_BE_ON if getattr(found, name) == "off"]:
        raise NotDurable(
            f"{', '.join(off)} is off: a crash would lose reports; set it on in postgresql.conf (or for the "
            "role, or the database), and reload"
        )
