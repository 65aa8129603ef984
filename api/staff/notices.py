"""What the ward says at the top of its public pages: read, and replaced as a whole."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.mobile.contract import refusals
from api.staff.audience import REFUSALS, NoticeWriter
from nerirepo.catalogue.notices import notices, replace_notices
from nerirepo.catalogue.profile import Notice
from nerirepo.publication.reference import refresh_ward
from nerirepo.words import fields
from web.db import Reading, Transaction

router = APIRouter(tags=["settings"])


class NoticeList(fields.Request):
    notices: Annotated[list[Notice], Field(max_length=50)]


@router.get("/notices", responses=refusals(*REFUSALS))
def read_notices(_: NoticeWriter, session: Reading) -> NoticeList:
    """Those of the past and of later days, too."""
    return NoticeList(notices=notices(session))


@router.put("/notices", responses=refusals(*REFUSALS, writes=True))
def put_notices(body: NoticeList, member: NoticeWriter, session: Transaction) -> NoticeList:
    """In the place of all. Residents read them at once."""
    replace_notices(session, body.notices)
    refresh_ward(session)
    return read_notices(member, session)
