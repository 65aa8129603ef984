"""Whatever is sent to /v1: no fault of ours, and no answer that the contract does not declare."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.mobile import router
from api.mobile.document import document
from tests.factories import a_reporter

A_FEW, MANY = 2, 50
"""Requests to each operation, in each run of the tests and in the long ones."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

pytestmark = pytest.mark.filterwarnings("ignore:.*:Warning:schemathesis")
contract = schemathesis.openapi.from_dict(document(router))


@pytest.fixture
def send(port: int) -> Callable[[Any], None]:
    """Sends a case to the running service, as somebody who is signed in."""
    headers = a_reporter().headers

    def send(case: Any) -> None:
        answer = case.call(base_url=f"http://127.0.0.1:{port}", headers=headers)
        case.validate_response(answer, checks=CHECKS)

    return send


def fuzzed(requests: int) -> Callable[[Any], Any]:
    return settings(
        max_examples=requests, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )


@contract.parametrize()
@fuzzed(A_FEW)
def test_a_few_requests_of_any_kind_are_answered_as_declared(case: Any, send: Callable[[Any], None]) -> None:
    send(case)


@pytest.mark.long
@contract.parametrize()
@fuzzed(MANY)
def test_many_requests_of_any_kind_are_answered_as_declared(case: Any, send: Callable[[Any], None]) -> None:
    send(case)
