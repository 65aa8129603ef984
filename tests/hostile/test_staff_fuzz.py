"""Whatever members of staff send to /staff: no fault of ours, and no answer that is not declared."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import given

from nerirepo.staff.roles import Role
from operate.serving.front import create_api
from tests.contract.test_fuzz import A_FEW, CHECKS, MANY, fuzzed
from tests.factories import Person, a_member, a_reporter, send_report
from tests.support.live_service import running

pytestmark = pytest.mark.filterwarnings("ignore:.*:Warning:schemathesis")
description = schemathesis.openapi.from_dict(create_api().openapi()).include(path_regex="^/staff/")

MEMBERS = ((Role.FIELD, "roads"), (Role.DESK, "desk"), (Role.ADMIN, "desk"))


@pytest.fixture
def send(own_ward: None) -> Iterator[Callable[[Any], None]]:
    """Sends a case as each member in turn; every second one about a report that is there."""
    app = create_api()
    members = [a_member(role, department) for role, department in MEMBERS]
    with TestClient(app) as client:
        report = send_report(client, a_reporter()).json()["receipt"]["number"]
    with running(app) as address:

        def send(case: Any) -> None:
            for member in members:
                _send(case, address, member)
            if "report_id" in (case.path_parameters or {}):
                case.path_parameters["report_id"] = report
                for member in members:
                    _send(case, address, member)

        yield send


def _send(case: Any, address: str, member: Person) -> None:
    answer = case.call(base_url=address, headers=member.headers)
    case.validate_response(answer, checks=CHECKS)


def attack(send: Callable[[Any], None], requests: int) -> None:
    for operation in description.get_all_operations():
        fuzzed(requests)(given(operation.ok().as_strategy())(send))()


def test_a_few_requests_of_any_kind_are_answered_as_declared(send: Callable[[Any], None]) -> None:
    attack(send, A_FEW)


@pytest.mark.long
def test_many_requests_of_any_kind_are_answered_as_declared(send: Callable[[Any], None]) -> None:
    attack(send, MANY)
