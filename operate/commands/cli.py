"""The command `nerirepo`: a table of what can be asked for.

Commands import what they do when they do it: a short command stays quick, and nothing reads a setting
before the parts at hand have put theirs into the environment.
"""

import json
import os
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from operate import home
from operate.account import NotOurs
from operate.commands import backup, jobs, limits, mail, places, posting, staff
from operate.home import InUse
from operate.supervising import parts
from operate.supervising.gate import wait_at
from operate.supervising.process import DidNotStart

if TYPE_CHECKING:
    from starlette.types import ASGIApp

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
ward = typer.Typer(no_args_is_help=True, help="The ward's own data.")
app.add_typer(staff.app, name="staff")
app.add_typer(posting.app, name="posting")
app.add_typer(places.app, name="places")
app.add_typer(ward, name="ward")
app.add_typer(mail.app, name="mail")
app.add_typer(jobs.app, name="jobs")
app.add_typer(limits.app, name="limits")
app.add_typer(backup.backup, name="backup")
app.add_typer(backup.restore, name="restore")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535)]
Gate = Annotated[int | None, typer.Option(hidden=True, help="Begin when this descriptor of `up` opens.")]


def main() -> None:
    """Run the command; foreseen faults end in one line and status 1."""
    from nerirepo.errors import ServiceError
    from nerirepo.migrations.migrate import Blocked
    from nerirepo.settings import SettingsWrong
    from operate.backup.back_up import BackupFailed
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


# --- the whole service ------------------------------------------------------------------------------


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
    from operate.supervising.up import Address
    from operate.supervising.up import up as run

    certificate = [file.read().decode() for file in tls] if tls else []
    here = home.enter()
    for file, content in zip(here.certificate, certificate, strict=False):
        write_private(file, content)
    run(here, Address(host, port, secure=bool(certificate)), empty=empty)


@app.command()
def check() -> None:
    """Say whether all is well; exit status 0 when it is."""
    from operate.checks.check import check as is_well

    here = home.enter()
    with parts.at_hand(here):
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


# --- single processes, as production runs them ------------------------------------------------------


@app.command()
def api(port: Port = 8001, host: Host = "127.0.0.1") -> None:
    """Answer the apps: /v1, /staff, /l, /docs, /health."""
    parts.join(home.enter())
    _begin("api")
    from operate.serving.front import create_api
    from operate.serving.serve import listen, serve

    serve(_traced("api", create_api()), listen(host, port))


@app.command()
def web(port: Port = 8002, host: Host = "127.0.0.1") -> None:
    """Serve the pages: the public site, /desk, /crew."""
    parts.join(home.enter())
    _begin("web")
    from operate.serving.front import create_web
    from operate.serving.serve import listen, serve

    serve(_traced("web", create_web()), listen(host, port))


@app.command()
def worker(gate: Gate = None) -> None:
    """Do the jobs: mail, photos, publication."""
    parts.join(home.enter())
    _begin("worker", with_backlog=True)
    from nerirepo.settings import settings
    from workers.run import main as run

    watching = []
    if settings().traces_url:
        from operate.telemetry.tracing import TracedJobs, tracer

        watching.append(TracedJobs(tracer("worker")))
    if gate is not None:
        wait_at(gate)
    run(*watching)


@app.command()
def site(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    listener: Annotated[int | None, typer.Option(hidden=True, help="A listening socket from `up`.")] = None,
    secure: Annotated[
        bool, typer.Option("--secure", hidden=True, help="With the certificate of `up`.")
    ] = False,
    gate: Gate = None,
) -> None:
    """Serve both, `api` and `web`, under one address."""
    here = home.enter()
    parts.join(here)
    certificate = here.certificate if secure else None
    _begin("site")
    from operate.serving.front import create_front
    from operate.serving.serve import listen, serve

    app = _traced("site", create_front())
    if gate is not None:
        wait_at(gate)
    ours = listen(host, port) if listener is None else socket.socket(fileno=listener)
    serve(app, ours, certificate=certificate)


def _begin(process: str, *, with_backlog: bool = False) -> None:
    from nerirepo import work_files
    from operate.telemetry.logs import configure
    from operate.telemetry.metrics import serve_metrics

    configure(process)
    work_files.begin()
    serve_metrics(with_backlog=with_backlog)


def _traced(process: str, app: "ASGIApp") -> "ASGIApp":
    from nerirepo.settings import settings

    if not settings().traces_url:
        return app
    from operate.telemetry.tracing import Traced, tracer

    return Traced(app, tracer(process))


# --- the data ---------------------------------------------------------------------------------------


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
