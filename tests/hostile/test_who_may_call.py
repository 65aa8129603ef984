"""Every route of every door, and who is let in: one table, and each is really called by everybody.

A route that is not in the table fails the test, so that nobody is let in by forgetting.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import update
from starlette.routing import Route

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.reporters import devices
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.status import Visibility
from nerirepo.staff import sessions
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member, StaffSession
from operate.serving.front import create_api, create_front
from tests.architecture.test_routes import named
from tests.factories import Person, a_jpeg, a_member, a_reporter, a_submission, send_photo, send_report
from tests.factories.public_reports import add_report
from web_public.app import create_app as create_public_site
from web_staff.app import create_app as create_staff_pages

EVERYONE = frozenset({"everyone"})
OWNER = frozenset({"owner"})
"""Whose report or photo it is."""
RESIDENT = frozenset({"owner", "neighbour"})
CREW, DESK, ADMIN = frozenset({"crew"}), frozenset({"desk"}), frozenset({"admin"})
"""`crew`: of the department that has the report; `other crew` is of another one."""
READER = CREW | DESK | {"other crew"}
MEMBER = READER | ADMIN
NOBODY_ANY_MORE = ("signed out", "run out", "dismissed", "signed out resident", "forged")

TABLE: dict[str, frozenset[str]] = {
    "GET /v1/service": EVERYONE,
    "GET /v1/categories": EVERYONE,
    "GET /v1/places/lookup": EVERYONE,
    "POST /v1/sign-in": EVERYONE,
    "POST /v1/sign-in/{challenge_id}": EVERYONE,
    "GET /v1/sign-in/{challenge_id}": EVERYONE,  # who asked for the code
    "GET /v1/me": RESIDENT,
    "PATCH /v1/me": RESIDENT,
    "GET /v1/me/export": RESIDENT,
    "GET /v1/me/reports": RESIDENT,
    "GET /v1/changes": RESIDENT,
    "PUT /v1/photos/{photo_id}": RESIDENT,
    "GET /v1/photos/{photo_id}": OWNER,
    "PUT /v1/photos/{photo_id}/bytes": EVERYONE,  # who holds the signed address
    "GET /v1/photos/{photo_id}/renditions/{name}": EVERYONE,  # who holds the signed address
    "PUT /v1/reports/{report_id}": RESIDENT,
    "GET /v1/reports/{report_id}": OWNER,  # of a report that is not public
    "POST /v1/reports/{report_id}/comments": OWNER,
    "POST /v1/reports/{report_id}/feedback": OWNER,
    "POST /v1/reports/{report_id}/withdraw": OWNER,
    "PUT /v1/reports/{report_id}/follow": RESIDENT,
    "DELETE /v1/reports/{report_id}/follow": RESIDENT,
    "GET /v1/public/reports": EVERYONE,
    "GET /v1/public/tiles/{z}/{x}/{y}.mvt": EVERYONE,
    "POST /staff/sign-in": EVERYONE,
    "GET /staff/reports": READER,
    "GET /staff/reports/{report_id}": CREW | DESK,
    "POST /staff/reports/{report_id}/actions": CREW | DESK,
    "POST /staff/reports/{report_id}/contact": DESK,
    "POST /staff/reports": DESK,
    "PUT /staff/photos/{photo_id}": READER,
    "GET /staff/photos/{photo_id}": CREW,  # who took it
    "GET /staff/notices": DESK | ADMIN,
    "PUT /staff/notices": DESK | ADMIN,
    "GET /staff/departments": ADMIN,
    "PUT /staff/departments": ADMIN,
    "GET /staff/categories": ADMIN,
    "PUT /staff/categories": ADMIN,
    "GET /staff/routing-rules": ADMIN,
    "PUT /staff/routing-rules": ADMIN,
    "GET /staff/templates": ADMIN,
    "PUT /staff/templates": ADMIN,
    "GET /staff/templates/changes": ADMIN,
    "GET /staff/members": ADMIN,
    "PUT /staff/members": ADMIN,
    "GET/HEAD /l/answer/{token}": EVERYONE,  # who holds the letter
    "POST /l/answer/{token}": EVERYONE,  # who holds the letter
    "GET/HEAD /l/unsubscribe/{token}": EVERYONE,  # who holds the letter
    "POST /l/unsubscribe/{token}": EVERYONE,  # who holds the letter
    "GET/HEAD /l/follow/{number}": EVERYONE,
    "POST /l/follow/{number}": EVERYONE,
    "GET/HEAD /l/confirm/{token}": EVERYONE,  # who holds the letter
    "POST /l/confirm/{token}": EVERYONE,  # who holds the letter
    "GET/HEAD /l/report": EVERYONE,
    "POST /l/report": EVERYONE,
    "GET /l/report-code": EVERYONE,
    "POST /l/report-code": EVERYONE,
    "GET/HEAD /l/report/{token}": EVERYONE,  # who typed the code
    "POST /l/report/{token}": EVERYONE,  # who typed the code
    "GET/HEAD /l/report/{token}/receipt": EVERYONE,  # who typed the code
    "GET /l/static/ward.css": EVERYONE,
    "GET /l/static/{name}": EVERYONE,
    "GET/HEAD /l/{rest:path}": EVERYONE,  # a link that was cut short
    "GET /docs": EVERYONE,
    "GET /docs/{name}": EVERYONE,
    "GET /health/live": EVERYONE,
    "GET /health/ready": EVERYONE,
    # The pages of staff, below both places.
    **{
        call.replace("{place}", place): who
        for place in ("desk", "crew")
        for call, who in {
            "GET /{place}/sign-in": EVERYONE,
            "POST /{place}/sign-in": EVERYONE,
            "GET /{place}": MEMBER,
            "GET /{place}/reports/{number}": CREW | DESK,
            "POST /{place}/reports/{number}/actions": CREW | DESK,
            "POST /{place}/reports/{number}/contact": DESK,
            "GET /{place}/notices": DESK | ADMIN,
            "POST /{place}/notices": DESK | ADMIN,
            "POST /{place}/notices/remove": DESK | ADMIN,
            "POST /{place}/drafts/discard": MEMBER,
            "POST /{place}/sign-out": MEMBER,
        }.items()
    },
    "DELETE /staff/session": MEMBER,
    "DELETE /v1/session": RESIDENT,
    "DELETE /v1/me": RESIDENT,  # last: it erases them
}
SIGNING_OUT = {"POST /desk/sign-out", "POST /crew/sign-out", "DELETE /staff/session", "DELETE /v1/session"}


@dataclass
class Scene:
    """A report that is not public, of `owner`, with the department of `crew`; and one that is public."""

    client: TestClient
    residents: dict[str, Person]
    members: dict[str, Person]
    callers: dict[str, str] = field(default_factory=dict)
    """Name to token; none for `anonymous`."""
    report: str = ""
    number: str = ""
    public: str = ""
    photo: str = ""
    staff_photo: str = ""

    def sign_in(self) -> None:
        """Everybody, and then those who are nobody any more lose what they had."""
        with transaction() as session:
            for name, person in self.residents.items():
                self.callers[name], _ = devices.add(session, session.get_one(Reporter, person.id))
            for name, person in self.members.items():
                self.callers[name], _ = sessions.open_session(session, person.id)
            devices.sign_out(session, self.callers["signed out resident"])
            sessions.sign_out(session, self.callers["signed out"])
            just_now = clock.now() - timedelta(seconds=1)
            of_run_out = StaffSession.member_id == self.members["run out"].id
            session.execute(update(StaffSession).where(of_run_out).values(expires_at=just_now))
            session.get_one(Member, self.members["dismissed"].id).is_active = False
        self.callers["forged"] = "x" * 43

    def call(self, route: str, caller: str) -> Any:
        method, path = route.replace("GET/HEAD", "GET").split(" ")
        token = self.callers.get(caller, "")
        is_page = path.startswith(("/desk", "/crew"))
        headers = {"Sec-Fetch-Site": "same-origin"} if is_page else {"If-Match": '"1"'}
        if token:
            # In every way in which one can show it.
            headers |= {"Authorization": f"Bearer {token}", "Cookie": f"nerirepo_staff={token}"}
        is_form = is_page or path.startswith("/l/")
        sent = {"data": self._form()} if is_form else {"json": self._json(route)}
        if method in ("GET", "DELETE"):
            sent = {}
        return self.client.request(method, self._path(path, route), headers=headers, **sent)

    def _path(self, path: str, route: str) -> str:
        report_id = self.public if "follow" in path else self.report
        if route == "PUT /v1/reports/{report_id}":
            report_id = str(uuid7())
        photo_id = self.staff_photo if path.startswith("/staff") else self.photo
        values = {
            "report_id": report_id,
            "number": self.number,
            "photo_id": str(uuid7()) if route.startswith("PUT") else photo_id,
            "challenge_id": str(uuid7()),
            "token": "x",
            "name": "x",
            "rest": "confirm/",
            "z": 1,
            "x": 1,
            "y": 0,
        }
        return path.replace(":path}", "}").format(**values)

    def _json(self, route: str) -> Any:
        match route.rpartition("/")[2]:
            case "actions":
                return {"action_id": str(uuid7()), "action": "note", "internal_note": "見ました。"}
            case "contact":
                return {"reason": "場所を確かめる"}
            case "feedback":
                return {"fixed": False}
            case "comments":
                return {"text": "まだ直っていません。"}
            case "{photo_id}":
                content = a_jpeg()
                digest = hashlib.sha256(content).hexdigest()
                return {"sha256": digest, "bytes": len(content), "content_type": "image/jpeg"}
            case "{report_id}":
                return a_submission()
            case _:
                return {}  # refused for what it is, by whoever lets the caller in

    def _form(self) -> dict[str, str]:
        values = {"action": "note", "action_id": str(uuid7()), "version": "1", "internal_note": "見ました。"}
        return values | {"reason": "場所を確かめる", "email": f"{uuid7()}@example.jp"}


@pytest.fixture
def scene(database: object, storage: None) -> Iterator[Scene]:
    with TestClient(
        create_front(),
        base_url="http://localhost:8000",
        follow_redirects=False,
        raise_server_exceptions=False,
    ) as client:
        scene = Scene(
            client,
            residents={
                "owner": a_reporter(),
                "neighbour": a_reporter("neighbour@example.jp"),
                "signed out resident": a_reporter("left@example.jp"),
            },
            members={
                "crew": a_member(Role.FIELD, "roads"),
                "other crew": a_member(Role.FIELD, "parks"),
                "desk": a_member(Role.DESK, "desk"),
                "admin": a_member(Role.ADMIN, "desk"),
                "signed out": a_member(Role.DESK, "desk"),
                "run out": a_member(Role.DESK, "desk"),
                "dismissed": a_member(Role.DESK, "desk"),
            },
        )
        scene.photo = send_photo(client, scene.residents["owner"])
        scene.staff_photo = send_photo(client, scene.members["crew"], door="/staff")
        taken = send_report(client, scene.residents["owner"], photo_ids=[scene.photo]).json()
        scene.report, scene.number = taken["receipt"]["report_id"], taken["receipt"]["number"]
        with transaction() as session:
            scene.public = str(add_report(session, visibility=Visibility.PUBLIC).id)
        scene.sign_in()
        yield scene


def asks_to_sign_in(answer: Any) -> bool:
    """And does not sign out, which leads there, too."""
    leads_there = answer.status_code == 303 and "/sign-in" in answer.headers["location"]
    return leads_there and "set-cookie" not in answer.headers


def is_let_in(answer: Any) -> bool:
    return answer.status_code not in (401, 403, 404) and not asks_to_sign_in(answer)


def test_the_table_has_every_route_and_no_other() -> None:
    routes = named(create_api()) | named(create_staff_pages())
    assert sorted(routes) == sorted(TABLE)


def test_everybody_is_let_in_where_the_table_says_so_and_nowhere_else(scene: Scene) -> None:
    everybody = ["anonymous", *scene.callers]
    wrong = []
    for route, who in TABLE.items():
        answers = {caller: scene.call(route, caller) for caller in everybody}
        wrong += [f"{route}: a fault of ours" for each in answers.values() if each.status_code >= 500]
        if route in SIGNING_OUT:
            scene.sign_in()
        if who == EVERYONE:
            statuses = {name: each.status_code for name, each in answers.items()}
            if len(set(statuses.values())) != 1 or asks_to_sign_in(answers["anonymous"]):
                wrong.append(f"{route} is for everyone alike, and answers {statuses}")
            continue
        let_in = {name for name, answer in answers.items() if is_let_in(answer)}
        if let_in != who:
            wrong.append(f"{route}: for {sorted(who)}, and lets in {sorted(let_in)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("caller", NOBODY_ANY_MORE)
def test_who_is_nobody_any_more_is_nowhere_in_the_table(caller: str) -> None:
    assert all(caller not in who for who in TABLE.values())


def test_the_public_site_only_reads() -> None:
    routes = [each for each in create_public_site().routes if isinstance(each, Route)]
    assert {method for route in routes for method in route.methods or ()} == {"GET", "HEAD"}
