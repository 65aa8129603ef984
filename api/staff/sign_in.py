"""Signing in and out, for programs. The pages of `web_staff` have a form of their own."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.mobile.contract import refusals
from api.staff.audience import REFUSALS, AnyMember, token_of
from nerirepo.base.errors import NotSignedIn, TooMany
from nerirepo.database import db
from nerirepo.staff import sessions
from nerirepo.staff.roles import Role
from nerirepo.staff.sign_in import CodeUsed, SignInFailed, sign_in
from nerirepo.staff.tables import Member
from nerirepo.words import address, fields, typed_code
from web.audience import client_of, for_everyone
from web.db import Transaction

router = APIRouter()


class Credentials(fields.Request):
    email: Annotated[fields.Text, Field(max_length=address.LONGEST_TYPED)]
    password: Annotated[fields.Text, Field(max_length=200)]
    totp: Annotated[fields.Text, Field(max_length=typed_code.LONGEST_TYPED)]
    """The six digits of the authenticator, in whatever form they were pasted. Each is accepted once."""
    device: Annotated[fields.Text, Field(max_length=200)] | None = None
    """What the last sign-in of this member with this program answered as `device`."""


class MemberShape(BaseModel):
    id: UUID
    email: str
    name: str
    role: Role
    department: str


class SessionShape(BaseModel):
    token: str
    expires_at: datetime
    """Unless it is used before; then it moves on, for up to a week."""
    member: MemberShape
    device: str
    """Keep it, and send it with the next sign-in: failures elsewhere do not count for it. Opens nothing."""


def member_shape(member: Member) -> MemberShape:
    return MemberShape(
        id=member.id,
        email=member.email,
        name=member.name,
        role=member.role,
        department=member.department_code,
    )


@router.post(
    "/sign-in", dependencies=[for_everyone], responses=refusals(SignInFailed, CodeUsed, TooMany, writes=True)
)
def sign_in_member(credentials: Credentials, request: Request) -> SessionShape:
    """A bearer token. Unknown address, wrong password and wrong code are answered alike."""
    with db.transaction() as session:
        signed_in = sign_in(
            session,
            email=credentials.email,
            password=credentials.password,
            totp=credentials.totp,
            client=client_of(request),
            browser=credentials.device,
        )
    # Only now, when the failure has been counted for good.
    if isinstance(signed_in, NotSignedIn):
        raise signed_in
    return SessionShape(
        token=signed_in.token,
        expires_at=signed_in.expires_at,
        member=member_shape(signed_in.member),
        device=signed_in.browser,
    )


@router.delete("/session", status_code=204, responses=refusals(*REFUSALS, writes=True))
def sign_out(_: AnyMember, request: Request, session: Transaction) -> None:
    """The token is void from now on."""
    sessions.sign_out(session, token_of(request))
