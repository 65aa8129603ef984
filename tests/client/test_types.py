"""The client and the pages' programs hold to the contract's types."""

import re
import subprocess

import pytest

from api.mobile.levels import LEVEL
from tests.client.conftest import CHECKOUT, NODE

TSC = CHECKOUT / "node_modules" / "typescript" / "bin" / "tsc"


@pytest.mark.parametrize("project", ["mobile_contract/client", "web_public/program"])
def test_the_types_hold(project: str) -> None:
    checked = subprocess.run(
        [str(NODE), str(TSC), "-p", project], cwd=CHECKOUT, capture_output=True, text=True, timeout=300
    )
    assert checked.returncode == 0, checked.stdout


def test_the_client_says_the_level_that_its_types_are_made_of() -> None:
    source = (CHECKOUT / "mobile_contract" / "client" / "service.ts").read_text()
    assert re.findall(r"CONTRACT_LEVEL = (\d+);", source) == [str(LEVEL)]
