"""Signing in by a mailed code, and out."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Request as HttpRequest
from pydantic import Field
from typing_extensions import TypedDict

from api.audience import WritingReporter, bearer, token_of
from api.mobile.as_json import AsJson
from api.mobile.contract import answers
from api.mobile.me import Nickname
from api.mobile.named import ChallengeId
from nerirepo.base.errors import NotSignedIn, TooMany
from nerirepo.catalogue.offered import offered
from nerirepo.database import db
from nerirepo.notifications.code_letter import CodeLetterStanding, standing
from nerirepo.reporters import devices, profile, sign_in
from nerirepo.reporters.sign_in import (
    ChallengeExpired,
    ChallengeTriesUsed,
    ChallengeUnknown,
    ChallengeUsed,
    CodeWrong,
)
from nerirepo.reporters.tables import Eligibility
from nerirepo.words import typed_code
from nerirepo.words.address import LONGEST_TYPED, EmailInvalid
from nerirepo.words.fields import Request, Text
from web.audience import client_of, for_everyone
from web.db import Reading, Transaction

router = APIRouter(route_class=AsJson, tags=["sign-in"])

Locale = Annotated[str, Field(strict=True, max_length=16, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")]


class SignInRequest(Request):
    """Whom to mail a code, and in which language."""

    email: Annotated[Text, Field(max_length=LONGEST_TYPED)]
    locale: Locale = "ja"
    device: Annotated[Text, Field(max_length=200)] | None = None
    """What the last sign-in on this device answered as `device`: letters are kept for it that nobody else can
    use up. A token in `Authorization` does the same."""


class SignInCode(Request):
    """The code from the letter, in whatever form it was pasted.

    The rest registers somebody new, or mends what they said before.
    """

    code: Annotated[Text, Field(max_length=typed_code.LONGEST_TYPED)]
    nickname: Nickname | None = None
    eligibility: Eligibility | None = None
    terms_version: Annotated[Text, Field(max_length=40)] | None = None


class ChallengeBegun(TypedDict):
    """A code is on its way to the address, or would be if the address could be reached."""

    challenge_id: str
    expires_at: datetime


class SignedIn(TypedDict):
    """The token is shown this once. It stays good for a year after it was last used."""

    token: str
    expires_at: datetime
    reporter: profile.Profile
    device: Annotated[
        str,
        Field(
            description="Keep it when the person signs out, and send it with the next `POST /v1/sign-in`: "
            "letters are kept for this device that nobody else can use up. Opens nothing"
        ),
    ]


@router.post(
    "/sign-in",
    dependencies=[for_everyone],
    **answers(ChallengeBegun, EmailInvalid, TooMany, status=202, writes=True),
)
def begin_sign_in(request: HttpRequest, session: Transaction, body: SignInRequest) -> ChallengeBegun:
    """Mail a code to an address; answered alike whether or not the address is known."""
    locale = offered().spoken(body.locale)
    challenge = sign_in.begin(
        session,
        email=body.email,
        locale=locale,
        client=client_of(request),
        device=body.device or token_of(request),
    )
    return {"challenge_id": str(challenge.id), "expires_at": challenge.expires_at}


@router.post(
    "/sign-in/{challenge_id}",
    dependencies=[for_everyone],
    **answers(
        SignedIn,
        CodeWrong,
        ChallengeUnknown,
        ChallengeExpired,
        ChallengeTriesUsed,
        ChallengeUsed,
        TooMany,
        writes=True,
    ),
)
def finish_sign_in(request: HttpRequest, challenge_id: ChallengeId, body: SignInCode) -> SignedIn:
    """Try the code. The first sign-in of an address registers it."""
    # A transaction of its own: a wrong try is committed, and then refused.
    with db.transaction() as session:
        outcome = sign_in.finish(
            session,
            challenge_id,
            body.code,
            client=client_of(request),
            nickname=body.nickname,
            eligibility=body.eligibility,
            terms_version=body.terms_version,
        )
    signed_in = sign_in.raise_if_refused(outcome)
    return {
        "token": signed_in.token,
        "expires_at": signed_in.expires_at,
        "reporter": profile.shown(signed_in.reporter),
        "device": signed_in.device,
    }


@router.get(
    "/sign-in/{challenge_id}", dependencies=[for_everyone], **answers(CodeLetterStanding, ChallengeUnknown)
)
def read_sign_in(session: Reading, challenge_id: ChallengeId) -> CodeLetterStanding:
    """Whether the letter with the code has left. Says nothing of whether the address is known."""
    return standing(session, challenge_id)


@router.delete("/session", **answers(None, NotSignedIn, status=204, writes=True))
def sign_out(request: HttpRequest, session: Transaction, _: WritingReporter) -> Response:
    """Sign out this device."""
    devices.sign_out(session, bearer(request))
    return Response(status_code=204)
