"""What a collector of traces is told: requests, statements and jobs, and nobody's words."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.faults.service import eventually, running

CANARY = "hanako.canary@example.jp"


class Collector:
    """Takes traces over OTLP/HTTP, as a collector does."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, Span]] = []
        """With the process that tells."""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                if handler.path == "/v1/traces":
                    self._take(ExportTraceServiceRequest.FromString(body))
                handler.send_response(200)
                handler.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/traces"

    def _take(self, told: ExportTraceServiceRequest) -> None:
        for resource in told.resource_spans:
            named = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [(named["service.name"], span) for span in scope.spans]

    def named(self, process: str, name: str) -> list[Span]:
        return [span for told_by, span in self.spans if told_by == process and span.name.endswith(name)]

    def below(self, parent: Span) -> list[Span]:
        return [span for _, span in self.spans if span.parent_span_id == parent.span_id]


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made._server.serve_forever)
    thread.start()
    yield made
    made._server.shutdown()
    thread.join()
    made._server.server_close()


def attributes(span: Span) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


@pytest.mark.long
def test_a_collector_hears_of_requests_statements_and_jobs_and_of_nobody_s_words(
    collector: Collector,
) -> None:
    with running(NERIREPO_TRACES_URL=collector.url, OTEL_BSP_SCHEDULE_DELAY="100") as service:
        with httpx2.Client(base_url=service.url, timeout=30) as http:
            begun = http.post("/v1/sign-in", json={"email": CANARY, "locale": "ja"})
            assert begun.status_code == 202
            assert http.get(f"/l/answer/{CANARY}").status_code == 404
        eventually(lambda: service.post_office.letters_to(CANARY), "the letter with the code")
        with service.database() as database:  # a job that cannot be done, and says of whom
            database.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
                " VALUES ('pictures', 'publish', %s)",
                [json.dumps({"report_id": CANARY})],
            )
        (request, *_) = eventually(lambda: collector.named("site", "begin_sign_in"), "the request is told of")
        (job, *_) = eventually(lambda: collector.named("worker", "send_urgent"), "so is the letter's job")
        (failed, *_) = eventually(lambda: collector.named("worker", "publish"), "and the one that failed")

    told = attributes(request)
    assert told["http.response.status_code"] == 202
    assert told["nerirepo.request_id"] == begun.headers["X-Request-Id"]
    statements = [attributes(each)["db.query.text"] for each in collector.below(request)]
    assert any("INSERT INTO challenge" in str(each) for each in statements)
    assert collector.below(job)
    assert (failed.status.code, attributes(failed)["error.type"]) == (
        Status.STATUS_CODE_ERROR,
        "builtins.ValueError",
    )
    assert "canary" not in str(collector.spans)
