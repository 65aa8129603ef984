"""The commands `nerirepo jobs ...`: which jobs gave up, and let them begin anew."""

from typing import Annotated

import typer

from operate import home
from operate.supervising import parts

app = typer.Typer(no_args_is_help=True, help="Jobs that gave up after many tries.")


@app.command("failed")
def failed() -> None:
    """Show the jobs that gave up; their reasons are in the worker's log."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import reading
        from nerirepo.database.jobs import dead_letters

        with reading() as session:
            gave_up = dead_letters(session)
    for each in gave_up:
        ids = " ".join(f"{name}={value}" for name, value in each["ids"].items())
        typer.echo(f"{each['id']:>8}  {each['gave_up_at']:%Y-%m-%d %H:%M:%S} UTC  {each['name']}  {ids}")
    if not gave_up:
        typer.echo("none gave up")


@app.command("retry")
def retry(
    job: Annotated[int | None, typer.Argument(help="Its number; without, all that gave up.")] = None,
) -> None:
    """Let jobs that gave up begin anew, with all their tries."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import transaction
        from nerirepo.database.jobs import retry as let_begin

        with transaction() as session:
            asked = let_begin(session, job)
    typer.echo(f"{asked} jobs begin anew")
