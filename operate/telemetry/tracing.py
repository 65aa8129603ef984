"""Where does a request's or a job's time go? Told to the collector that NERIREPO_TRACES_URL names.

By OpenTelemetry. As in the log there is nothing that people wrote: a request goes by the name of the function
that answered and never by its path, a statement by its text with placeholders, an error by its kind. The
ready-made instrumentations tell more than that. A client's own trace is not taken up: it would decide what we
record.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from procrastinate import JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nerirepo.base.settings import settings
from nerirepo.database.db import Cursor
from operate.telemetry.observed import route_of


def tracer(process: str) -> Tracer:
    """Of this process; from now on each of its statements is a span, too. Spans leave in the background."""
    named = Resource.create({"service.namespace": "nerirepo", "service.name": process})
    provider = TracerProvider(resource=named)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(settings().traces_url)))
    made = provider.get_tracer("nerirepo")
    _trace_statements(made)
    return made


class Traced:
    """An ASGI app of which each request is a span. Inside `Observed`, whose request id it carries."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app, self._tracer = app, tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                span.set_attribute("http.response.status_code", message["status"])
            await send(message)

        with self._tracer.start_as_current_span(
            "request", kind=SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                with structlog.contextvars.bound_contextvars(
                    trace_id=f"{span.get_span_context().trace_id:032x}"
                ):
                    await self._app(scope, receive, send_and_note)
            except Exception as error:
                _fail(span, error)
                raise
            finally:
                span.update_name(route_of(scope))
                known = structlog.contextvars.get_contextvars()
                span.set_attribute("nerirepo.request_id", known.get("request_id", ""))


class TracedJobs:
    """A worker's middleware by which each job is a span."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    async def __call__(self, call_next: AsyncCallNext, context: JobContext, _: Worker) -> Any:
        job = context.job
        with self._tracer.start_as_current_span(
            job.task_name, kind=SpanKind.CONSUMER, record_exception=False, set_status_on_exception=False
        ) as span:
            span.set_attributes({"nerirepo.job_id": job.id or 0, "nerirepo.tries": job.attempts + 1})
            try:
                return await call_next()
            except Exception as error:
                _fail(span, error)
                raise


def _trace_statements(tracer: Tracer) -> None:
    @contextmanager
    def traced(statement: str) -> Iterator[None]:
        told = {"db.system.name": "postgresql", "db.query.text": statement}
        with tracer.start_as_current_span(
            statement.split(maxsplit=1)[0],
            kind=SpanKind.CLIENT,
            attributes=told,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except Exception as error:
                _fail(span, error)
                raise

    Cursor.around = traced


def _fail(span: Span, error: BaseException) -> None:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    span.set_attribute("error.type", getattr(error, "sqlstate", None) or kind)
    span.set_status(Status(StatusCode.ERROR))
