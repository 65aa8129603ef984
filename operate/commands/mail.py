"""The commands `nerirepo mail ...`: hold letters, look at what waits, and let them leave."""

from typing import Annotated

import typer

from operate import home
from operate.supervising import parts

app = typer.Typer(no_args_is_help=True, help="Letters on their way.")


@app.command("hold")
def hold_letters(reason: Annotated[str, typer.Option()] = "held by the operator") -> None:
    """Let no letter leave until `mail release`."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import transaction
        from nerirepo.notifications.hold import hold

        with transaction() as session:
            hold(session, reason)
    typer.echo("mail is held; nerirepo mail show, then nerirepo mail release")


@app.command("show")
def show() -> None:
    """Say whether letters are held, and how many of each kind are owed."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import reading
        from nerirepo.notifications.hold import held
        from nerirepo.notifications.release import problems, waiting

        with reading() as session:
            standing, owed, said = held(session), waiting(session), problems(session)
    typer.echo(
        f"held since {standing.since:%Y-%m-%d %H:%M} UTC: {standing.reason}" if standing else "not held"
    )
    for template, count in owed.items():
        typer.echo(f"{count:8} owed: {template}")
    for problem, count in said.items():
        typer.echo(f"{count:8} said: {problem}")


@app.command("release")
def release_letters(
    drop_owed: Annotated[
        bool, typer.Option("--drop-owed", help="What is owed now is never sent; what comes later is.")
    ] = False,
) -> None:
    """Let letters leave again."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import transaction
        from nerirepo.notifications.release import drop, release

        with transaction() as session:
            dropped = drop(session) if drop_owed else 0
            asked = release(session)
    typer.echo(f"released: {asked} letters leave now, {dropped} go unsent")
