"""The commands for single processes, as production runs them."""

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from operate import home
from operate.supervising import parts
from operate.supervising.gate import wait_at

if TYPE_CHECKING:
    from starlette.types import ASGIApp

app = typer.Typer()

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535)]
Gate = Annotated[int | None, typer.Option(hidden=True, help="Begin when this descriptor of `up` opens.")]


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
    from nerirepo.base.settings import settings
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
    from nerirepo.base import work_files
    from operate.telemetry.logs import configure
    from operate.telemetry.metrics import serve_metrics

    configure(process)
    work_files.begin()
    serve_metrics(with_backlog=with_backlog)


def _traced(process: str, app: "ASGIApp") -> "ASGIApp":
    from nerirepo.base.settings import settings

    if not settings().traces_url:
        return app
    from operate.telemetry.tracing import Traced, tracer

    return Traced(app, tracer(process))
