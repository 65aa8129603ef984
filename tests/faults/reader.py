"""Somebody who looks at the public site, and at what the API tells everybody."""

import random

from tests.faults.client import Client
from tests.faults.ledger import Ledger
from tests.faults.phone import PLACE
from tests.faults.service import Service

PATHS = (
    "/",
    "/reports",
    "/statistics",
    "/v1/service",
    "/v1/categories",
    "/v1/public/reports",
    f"/v1/places/lookup?lat={PLACE['lat']}&lon={PLACE['lon']}&category=road.pothole",
)


class Reader(Client):
    """Without an account. What the list names can be read, unless it is taken back meanwhile."""

    def __init__(self, service: Service, ledger: Ledger, url: str | None = None) -> None:
        super().__init__(url or service.url, ledger)
        self._found: list[str] = []

    def look_around(self, chance: random.Random) -> None:
        if self._found and chance.random() < 0.3:
            self.call("GET", f"/reports/{chance.choice(self._found)}")
            return
        path = chance.choice(PATHS)
        answer = self.call("GET", path)
        if path == "/v1/public/reports" and answer is not None and answer.status_code == 200:
            self._found = [each["number"] for each in answer.json()["reports"]]
