"""An address and a code are taken as they were pasted, whichever door they come through."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pyotp.totp import TOTP
from sqlmodel import col, select

from nerirepo.database.db import reading, transaction
from nerirepo.reporters.sign_in import code_of
from nerirepo.reporters.tables import Challenge
from nerirepo.staff.members import NewMember, add_member, with_email
from nerirepo.staff.roles import Role
from operate.commands.limits import counted_as
from tests.factories import a_member, a_reporter, send_report, take_action

HANAKO = "hanako@example.jp"
WIDE = str.maketrans({each: each + 0xFEE0 for each in range(0x21, 0x7F)})
"""ASCII as a Japanese keyboard writes it."""
LONG_NAME = "ねりま" * 90

ADDRESSES = [
    "\u3000ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ\n",
    "mailto:hanako@example.jp",
    f"{LONG_NAME} <hanako@example.jp>",
    "\u200bHanako@Example.JP。",
]
LINE = "認証コード：{}です。10分以内に使ってください。"
CODES: list[Callable[[str], str]] = [
    lambda code: code.translate(WIDE),
    lambda code: f"{code[:3]}-{code[3:]}",
    lambda code: " \u200b".join(code),
    lambda code: f"{code[:3]}ー{code[3:]}".translate(WIDE),
    LINE.format,
    lambda code: LINE.format(code.translate(WIDE)) + "\u3000" * 150,
]


@pytest.fixture
def pages(database: object) -> Any:
    from web_staff.app import create_app

    ours = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(
        create_app(), base_url="http://localhost:8000", follow_redirects=False, headers=ours
    ) as pages:
        yield pages


@pytest.fixture
def member(database: object) -> NewMember:
    with transaction() as session:
        return add_member(session, email=HANAKO, name="花子", role=Role.DESK, department="desk")


def asked() -> list[tuple[str, Any]]:
    with reading() as session:
        found = session.exec(select(Challenge).order_by(col(Challenge.created_at).desc())).all()
    return [(each.email, each.id) for each in found]


def typed(member: NewMember, **changes: str) -> dict[str, str]:
    right = {"email": member.email, "password": member.password, "totp": TOTP(member.totp_secret).now()}
    return right | changes


def half_a_minute_passes(typed_as: str = HANAKO) -> None:
    """A code is taken once; `nerirepo staff` finds members as they are found here."""
    with transaction() as session:
        found = with_email(session, typed_as)
        assert found
        assert found.email == HANAKO
        found.totp_step = None


@pytest.mark.parametrize("pasted", ADDRESSES)
def test_an_address_opens_each_door(
    client: TestClient, pages: TestClient, member: NewMember, pasted: str
) -> None:
    receipt = send_report(client, a_reporter("taro@example.jp")).json()["receipt"]
    take_action(a_member(), receipt["report_id"], "accept", public_text="道路の穴")
    answers = [
        client.post("/v1/sign-in", json={"email": pasted}),
        client.post("/l/report", data={"email": pasted}),
        client.post(f"/l/follow/{receipt['number']}", data={"email": pasted}),
    ]
    assert [each.status_code for each in answers] == [202, 200, 200]
    assert [email for email, _ in asked()] == [HANAKO] * 3

    assert client.post("/staff/sign-in", json=typed(member, email=pasted)).status_code == 200
    half_a_minute_passes(pasted)
    assert pages.post("/desk/sign-in", data=typed(member, email=pasted)).status_code == 303
    assert counted_as(pasted) == [HANAKO]


@pytest.mark.parametrize("form", CODES)
def test_a_mailed_code_opens_each_door(client: TestClient, form: Callable[[str], str]) -> None:
    client.post("/v1/sign-in", json={"email": HANAKO})
    challenge = asked()[0][1]
    answer = client.post(f"/v1/sign-in/{challenge}", json={"code": form(code_of(challenge))})
    assert answer.status_code == 200, answer.text
    client.post("/l/report", data={"email": HANAKO})
    challenge = asked()[0][1]
    fields = {"challenge_id": str(challenge), "email": HANAKO, "code": form(code_of(challenge))}
    assert client.post("/l/report-code", data=fields, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("form", CODES)
def test_an_authenticators_code_opens_each_door(
    client: TestClient, pages: TestClient, member: NewMember, form: Callable[[str], str]
) -> None:
    right = typed(member)
    pasted = right | {"totp": form(right["totp"])}
    assert client.post("/staff/sign-in", json=pasted).status_code == 200
    half_a_minute_passes()
    assert pages.post("/desk/sign-in", data=pasted).status_code == 303


def test_a_password_is_taken_as_it_was_pasted_at_both_doors(
    client: TestClient, pages: TestClient, member: NewMember
) -> None:
    pasted = typed(member, password=f"\u3000{member.password.translate(WIDE)}\u200b\n")
    assert client.post("/staff/sign-in", json=pasted).status_code == 200
    half_a_minute_passes()
    assert pages.post("/desk/sign-in", data=pasted).status_code == 303


def test_what_was_pasted_behind_an_address_does_not_follow_to_the_page_of_the_code(
    client: TestClient,
) -> None:
    page = client.post("/l/report", data={"email": f"{LONG_NAME} <{HANAKO}>" + "\u3000" * 300}).text
    assert f'name="email" value="{HANAKO}"' in page
