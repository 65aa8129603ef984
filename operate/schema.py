"""How does this machine's database come to the newest schema?"""

import os

from operate.embedded import postgres
from operate.home import Home


def bring_up_to_date(home: Home) -> None:
    """Migrate; of the embedded database also what needs its superuser."""
    from nerirepo.migrations.migrate import is_current, upgrade

    if os.environ.get("NERIREPO_DATABASE_URL") == postgres.url(home.postgres) and not is_current():
        postgres.give_audit_back(home.postgres)
    upgrade()
