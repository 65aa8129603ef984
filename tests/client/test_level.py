"""The client says which level of the contract its types are made of; `script/lint` checks them."""

import re

from api.mobile.levels import LEVEL
from tests.client.conftest import CHECKOUT


def test_the_client_says_the_level_that_its_types_are_made_of() -> None:
    source = (CHECKOUT / "mobile_contract" / "client" / "service.ts").read_text()
    assert re.findall(r"CONTRACT_LEVEL = (\d+);", source) == [str(LEVEL)]
