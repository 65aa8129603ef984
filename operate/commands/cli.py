"""The command `nerirepo`: a table of what can be asked for.

Commands import what they do when they do it: a short command stays quick, and nothing reads a setting
before the parts at hand have put theirs into the environment.
"""

import typer

from operate.account import NotOurs
from operate.commands import (
    backup,
    data,
    jobs,
    limits,
    mail,
    places,
    posting,
    processes,
    service,
    staff,
)
from operate.home import InUse
from operate.supervising.process import DidNotStart

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for each in (service, processes, data):
    app.add_typer(each.app)
app.add_typer(staff.app, name="staff")
app.add_typer(posting.app, name="posting")
app.add_typer(places.app, name="places")
app.add_typer(data.ward, name="ward")
app.add_typer(mail.app, name="mail")
app.add_typer(jobs.app, name="jobs")
app.add_typer(limits.app, name="limits")
app.add_typer(backup.backup, name="backup")
app.add_typer(backup.restore, name="restore")


def main() -> None:
    """Run the command; foreseen faults end in one line and status 1."""
    from nerirepo.base.errors import ServiceError
    from nerirepo.base.settings import SettingsWrong
    from nerirepo.migrations.migrate import Blocked
    from operate.backup.folder import BackupFailed
    from operate.checks.durability import NotDurable
    from operate.embedded.postgres import NotInstalled
    from operate.serving.serve import PortTaken

    foreseen = (
        InUse,
        NotOurs,
        PortTaken,
        DidNotStart,
        NotInstalled,
        NotDurable,
        BackupFailed,
        Blocked,
        ServiceError,
    )
    try:
        app(prog_name="nerirepo")
    except foreseen as fault:
        typer.echo(f"nerirepo: {fault}", err=True)
        for each in getattr(fault, "faults", ())[1:]:  # the first stands in the message
            typer.echo(f"    {each.field}: {each.detail}", err=True)
        raise SystemExit(1) from None
    except SettingsWrong as wrong:
        typer.echo("nerirepo: it cannot start with these settings (docs/settings.md)", err=True)
        for each in wrong.faults:
            typer.echo(f"    {each}", err=True)
        raise SystemExit(1) from None
    except Exception as error:
        from sqlalchemy.exc import OperationalError

        if not isinstance(error, OperationalError):
            raise
        reason = str(error.orig).strip().splitlines()[0]
        typer.echo(f"nerirepo: the database does not answer ({reason})", err=True)
        raise SystemExit(1) from None
