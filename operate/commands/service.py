"""The commands for the service as a whole."""

from typing import Annotated

import typer

from operate import home
from operate.supervising import parts

app = typer.Typer()

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535)]


@app.command()
def up(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    empty: Annotated[bool, typer.Option("--empty", help="Without sample reports.")] = False,
    tls: Annotated[
        tuple[typer.FileBinaryRead, typer.FileBinaryRead] | None,
        typer.Option(metavar="CERT KEY", help="Speak https, so that a real phone gives its position."),
    ] = None,
) -> None:
    """Run everything on this machine until Ctrl-C."""
    from operate.keys import write_private
    from operate.supervising.own_parts import Address
    from operate.supervising.up import up as run

    certificate = [file.read().decode() for file in tls] if tls else []
    here = home.enter()
    for file, content in zip(here.certificate, certificate, strict=False):
        write_private(file, content)
    run(here, Address(host, port, secure=bool(certificate)), empty=empty)


@app.command()
def check() -> None:
    """Say whether all is well; exit status 0 when it is."""
    here = home.enter()
    with parts.at_hand(here):
        from operate.checks.check import check as is_well

        if not is_well(here):
            raise typer.Exit(1)


@app.command()
def settings() -> None:
    """Print every setting with its meaning, as docs/settings.md has them."""
    from operate.commands.settings_table import table

    typer.echo(table(), nl=False)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open psql on the service's database: nerirepo psql -c 'SELECT ...'."""
    with parts.at_hand(home.enter()):
        from operate.commands.psql import psql as run

        status = run(context.args)
    raise typer.Exit(status)
