"""The commands `nerirepo backup ...` and `nerirepo restore ...`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from operate import home
from operate.supervising import parts

backup = typer.Typer(no_args_is_help=True, help="Copies of the database and the pictures.")
restore = typer.Typer(no_args_is_help=True, help="From a copy back to a service.")

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the copies lie, on another disk.")]
At = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="2026-11-23T10:00:00+09:00; the end of the archive without."),
]


@backup.command("run")
def run(folder: Folder) -> None:
    """Copy the database and new pictures now; forget copies older than 30 days."""
    from operate.backup.back_up import back_up
    from operate.backup.folder import take_over

    folder = take_over(folder)
    here = home.enter()
    with parts.at_hand(here):
        back_up(here, folder)


@backup.command("wal")
def wal(folder: Folder) -> None:
    """Write every change of the database into FOLDER/wal as it happens, until stopped."""
    from operate.backup.archive import archive
    from operate.backup.folder import take_over

    folder = take_over(folder)
    archive(home.enter(), folder)


@restore.command("all")
def everything(folder: Folder, at: At = None) -> None:
    """Put the embedded database and the pictures back as they were; the service must be stopped."""
    from operate.backup.folder import take_over
    from operate.backup.restore import restore as run

    folder = take_over(folder)
    run(home.enter(), folder, _moment(at))


@restore.command("database")
def database(
    folder: Folder, into: Annotated[Path, typer.Option(metavar="DATA_FOLDER")], at: At = None
) -> None:
    """Prepare a data folder from which a PostgreSQL server of one's own comes up as it was."""
    from operate.backup.restore import prepare_data

    prepare_data(folder.absolute(), _moment(at), into.absolute())
    typer.echo(f"start PostgreSQL on {into}, then: nerirepo restore finish {folder}")


@restore.command("finish")
def finish(folder: Folder) -> None:
    """After `database`: bring the schema up to date, hold letters, put pictures back."""
    from operate.backup.folder import take_over
    from operate.backup.restore import finish as run

    folder = take_over(folder)
    here = home.enter()
    with parts.at_hand(here):
        run(here, folder)


def _moment(at: str | None) -> datetime | None:
    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from error
    if moment.tzinfo is None:
        raise typer.BadParameter("say the zone, too: +09:00 or Z", param_hint="--at")
    return moment
