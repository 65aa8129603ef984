"""Do these tests see anything? Each guard of the service is taken away, and a case must find it out."""

import pytest

from tests.faults.guards import GUARDS, Guard, missed

pytestmark = pytest.mark.long


@pytest.mark.parametrize("guard", GUARDS, ids=[guard.name for guard in GUARDS])
def test_a_case_fails_when_a_guard_is_taken_away(guard: Guard) -> None:
    assert missed(guard), f"{guard.case.__name__} has noticed nothing"
