"""People and reports for tests, made by the real use-cases; what matters to a test is named in the call."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from PIL import Image
from sqlmodel import select

from nerirepo import clock
from nerirepo.db import transaction
from nerirepo.ids import uuid7
from nerirepo.reporters import devices
from nerirepo.reporters.tables import Eligibility, Reporter
from nerirepo.reports.act import Acted, act
from nerirepo.reports.action_request import ActionRequest
from nerirepo.staff import sessions
from nerirepo.staff.members import add_member
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member

WORDS = "道路に穴があいています。"
WARD_OFFICE = {"lat": 35.7356, "lon": 139.6522}
"""豊玉北六丁目, far from the border."""


@dataclass(frozen=True)
class Person:
    id: UUID
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def a_reporter(
    email: str = "hanako@example.jp", eligibility: Eligibility | None = Eligibility.LIVES, locale: str = "ja"
) -> Person:
    """A registered resident, signed in on one device."""
    now = clock.now()
    with transaction() as session:
        reporter = Reporter(
            email=email, eligibility=eligibility, locale=locale, created_at=now, last_seen_at=now
        )
        session.add(reporter)
        session.flush()
        token, _ = devices.add(session, reporter)
    return Person(reporter.id, email, token)


def a_member(role: Role = Role.DESK, department: str = "desk", email: str | None = None) -> Person:
    """A member of staff, signed in by a program."""
    email = email or f"{role}.{department}.{uuid7().hex[-6:]}@ward.example.jp"
    with transaction() as session:
        add_member(session, email=email, name="職員 花子", role=role, department=department)
        member = session.exec(select(Member).where(Member.email == email)).one()
        token, _ = sessions.open_session(session, member.id)
    return Person(member.id, email, token)


def a_submission(**changes: Any) -> dict[str, Any]:
    """The body of a report that nothing is wrong with."""
    return {
        "category": "road.pothole",
        "description": WORDS,
        "location": {**WARD_OFFICE, "accuracy_m": 8.0, "source": "gps"},
        "photo_ids": [],
        "answers": {},
        "locale": "ja",
    } | changes


def a_jpeg(colour: str = "grey", size: tuple[int, int] = (640, 480)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def send_photo(client: TestClient, person: Person, content: bytes | None = None, door: str = "/v1") -> str:
    """Announce a photo and send its bytes to where the service says; its id."""
    content = a_jpeg() if content is None else content
    photo_id = str(uuid7())
    announced = client.put(
        f"{door}/photos/{photo_id}",
        headers=person.headers,
        json={
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "content_type": "image/jpeg",
        },
    )
    assert announced.status_code == 200, announced.text
    upload = announced.json()["upload"]
    sent = client.request(upload["method"], upload["url"], headers=upload["headers"], content=content)
    assert sent.status_code == 200, sent.text
    return photo_id


def send_report(client: TestClient, person: Person, report_id: UUID | None = None, **changes: Any) -> Any:
    """Send a report as the app does; the answer. Each has words of its own: it is not the same again."""
    report_id = report_id or uuid7()
    body = a_submission(description=f"{WORDS}（{_letters(report_id)}）") | changes
    return client.put(f"/v1/reports/{report_id}", headers=person.headers, json=body)


def _letters(report_id: UUID) -> str:
    """Digits might be taken for somebody's telephone number."""
    return UUID(str(report_id)).hex[-8:].translate(str.maketrans("0123456789", "ghijklmnop"))


def take_action(member: Person, report_id: str, action: str, **fields: Any) -> Acted:
    """Let a member of staff act on a report, straight through the use-case."""
    with transaction() as session:
        request = ActionRequest(action_id=uuid7(), action=action, **fields)
        return act(session, session.get_one(Member, member.id), UUID(report_id), request, None)
