"""A member of the desk at work: looks at a report, and takes the next step."""

import json
import time
from typing import Any

import httpx2
import pyotp

from nerirepo.base.ids import uuid7
from tests.faults.client import Client, a_jpeg, send_photo
from tests.faults.ledger import Ledger, Told
from tests.faults.service import PATIENCE, Service


class Staff(Client):
    """Member `number` of the desk, who moves reports on, one after the other, along their usual way."""

    def __init__(self, service: Service, ledger: Ledger, number: int = 0) -> None:
        super().__init__(service.url, ledger)
        self.headers = {"Authorization": f"Bearer {_token(service, number)}"}

    def look(self, report_id: str) -> dict[str, Any] | None:
        answer = self.call("GET", f"/staff/reports/{report_id}")
        return answer.json() if answer is not None and answer.status_code == 200 else None

    def act(
        self, report_id: str, version: int, action_id: str, action: str, **fields: Any
    ) -> httpx2.Response | None:
        answer = self.call(
            "POST",
            f"/staff/reports/{report_id}/actions",
            409,
            412,
            headers={"If-Match": f'"{version}"'},
            json={"action_id": action_id, "action": action, **fields},
        )
        if answer is not None and answer.status_code == 200:
            done = answer.json()
            self.ledger.acted(action_id, Told(report_id, action, done["version"], done["event_seq"]))
        return answer

    def move_on(self, report_id: str, *, after_photo: bool = False) -> bool:
        """One step from received to resolved, until there is an answer; False where nothing is left to do."""
        seen = self.look(report_id)
        if seen is None:
            return True
        step = next_step(seen)
        if step is None:
            return False
        action, fields = step
        if action == "resolve" and after_photo:
            photo_id = str(uuid7())
            if not send_photo(self, "/staff", photo_id, a_jpeg("green")):
                return True
            fields = {"public_note": fields["public_note"], "photo_ids": [photo_id]}
        action_id, deadline = str(uuid7()), time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.act(report_id, seen["version"], action_id, action, **fields)
            # An answer that was lost, or "later": the same action again, under the same id.
            if answer is not None and answer.status_code in (200, 404, 409, 412):
                return True
            time.sleep(0.3)
        return True


def _token(service: Service, number: int) -> str:
    """Of member `number`, who signs in once: a code of the generator may not be used again and again."""
    if number not in service.staff_tokens:
        # Not in the first accounts, which the service prints for people.
        email = f"desk{number}@ward.example.jp"
        added = service.command(
            *f"staff add --role desk --department desk --name 受付{number} --email {email}".split()
        )
        account = json.loads(added.stdout)
        credentials = {
            "email": email,
            "password": account["password"],
            "totp": pyotp.TOTP(account["totp_secret"]).now(),
        }
        answer = httpx2.post(f"{service.url}/staff/sign-in", json=credentials, timeout=30)
        assert answer.status_code == 200, answer.text
        service.staff_tokens[number] = answer.json()["token"]
    return service.staff_tokens[number]


def next_step(seen: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """What the desk does next with a report, and what that needs."""
    match seen["status"]:
        case "received":
            cleared = [each["photo_id"] for each in seen["photos"] if each["role"] == "before"]
            return "accept", {"public_text": "道路に穴があります。", "photo_ids": cleared}
        case "checking":
            return "start", {"public_note": "今週中に直します。"}
        case "in_progress":
            return "resolve", {"public_note": "穴をふさぎました。", "no_photo_reason": "夜でした。"}
    return None
