"""The commands for what the service stands on: the schema, the ward's data, the secrets."""

import json
import os
from typing import Annotated

import typer

from operate import home
from operate.supervising import parts

app = typer.Typer()
ward = typer.Typer(no_args_is_help=True, help="The ward's own data.")


@app.command()
def migrate() -> None:
    """Bring the database and the buckets to what this version needs."""
    here = home.enter()
    with parts.at_hand(here):
        from nerirepo.gateways.storage import create_buckets
        from operate.schema import bring_up_to_date

        bring_up_to_date(here)
        create_buckets()


@app.command()
def seed() -> None:
    """As a first start does: migrate, then read the ward's folder into a database that has none."""
    from operate.preparation import prepare

    here = home.enter()
    with parts.at_hand(here):
        prepare(here, empty=True)


@app.command(name="prepare", hidden=True)
def prepare_for_up(empty: bool = False) -> None:
    """What `up` does once the outside parts run."""
    from operate.preparation import prepare

    prepare(home.enter(), empty=empty)


@app.command(hidden=True)
def demo() -> None:
    """Send in the sample reports."""
    from operate.preparation import play_demo

    play_demo(home.enter())


@app.command()
def rotate(what: Annotated[str, typer.Argument(help="secret or receipt.")]) -> None:
    """Make a new secret and keep what the old one signed valid; for the next start."""
    from operate.keys import OURS, keys, write_private
    from operate.rotation import ROTATIONS

    if what not in ROTATIONS:
        raise typer.BadParameter(f"one of {', '.join(ROTATIONS)}")
    here = home.enter()
    given = {name: os.environ[name] for name in OURS if name in os.environ}
    if given:
        typer.echo("put these where your secrets stand, then restart every process:")
        for name, value in ROTATIONS[what](given).items():
            typer.echo(f"{name}={value}")
        return
    write_private(here.keys, json.dumps(ROTATIONS[what](keys(here.keys)), indent=2) + "\n")
    typer.echo(f"written to {here.keys}; in force from the next start on")


@ward.command("diff")
def ward_diff() -> None:
    """Show where the database and the ward's folder differ."""
    with parts.at_hand(home.enter()):
        from operate.ward.diff import differences

        for difference in differences():
            typer.echo(str(difference))
