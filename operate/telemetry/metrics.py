"""Where does Prometheus ask a process for its figures? On a port of its own, never the public one."""

from prometheus_client import REGISTRY, start_http_server

from nerirepo.base.settings import settings
from operate.serving.serve import PortTaken


def serve_metrics(*, with_backlog: bool = False) -> None:
    """Answer /metrics on NERIREPO_METRICS_PORT, if one is set, as long as the process lives.

    `with_backlog`: also what waits in the database, which one kind of process tells for all.
    """
    host, port = settings().metrics_host, settings().metrics_port
    if not port:
        return
    if with_backlog:
        from operate.telemetry.backlog import BacklogFigures

        REGISTRY.register(BacklogFigures())
    try:
        start_http_server(port, host)
    except OSError as fault:
        raise PortTaken(f"Cannot listen on {host}, port {port} for metrics: {fault.strerror}.") from None
