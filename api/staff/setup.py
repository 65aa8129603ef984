"""The ward's own settings, for admins: each list is read, and replaced as a whole."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.db import Reading, Transaction
from api.staff.audience import AdminMember
from nerirepo.places.routing import Rule
from nerirepo.places.rules import replace_rules, rules

router = APIRouter(tags=["settings"])


class RuleList(BaseModel):
    rules: Annotated[list[Rule], Field(max_length=500)]


@router.get("/routing-rules")
def read_rules(_: AdminMember, session: Reading) -> RuleList:
    """From the top; the first that fits decides."""
    return RuleList(rules=rules(session))


@router.put("/routing-rules")
def put_rules(body: RuleList, _: AdminMember, session: Transaction) -> RuleList:
    """In the place of all rules. New reports are routed by them."""
    replace_rules(session, body.rules)
    return RuleList(rules=rules(session))
