"""The ward's own settings, for admins: each list is read, and replaced as a whole."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel import select

from api.mobile.contract import refusals
from api.staff.audience import REFUSALS, AdminMember
from api.staff.sign_in import MemberShape, member_shape
from nerirepo.catalogue.entries import Categories, CategoryEntry, DepartmentEntry, Departments
from nerirepo.catalogue.read import every_category
from nerirepo.catalogue.replace import CategoriesInvalid, replace_categories, replace_departments
from nerirepo.catalogue.tables import Department
from nerirepo.notifications.replace_wording import (
    LetterWords,
    WordingChange,
    WordingInvalid,
    changes,
    letter_words,
    replace_wording,
)
from nerirepo.notifications.wording import TEMPLATES
from nerirepo.places.routing import Rule
from nerirepo.places.rules import RulesInvalid, replace_rules, rules
from nerirepo.publication.reference import refresh_reference
from nerirepo.reports.reassign import release
from nerirepo.staff.members import DepartmentUnknown, NewMember, members
from nerirepo.staff.replace_members import MemberEntry, MembersInvalid, replace_members
from nerirepo.words import fields
from nerirepo.words.language import LANGUAGES
from web.db import Reading, Transaction

router = APIRouter(tags=["settings"])


class DepartmentList(BaseModel):
    departments: list[DepartmentEntry]


class CategoryList(BaseModel):
    categories: list[CategoryEntry]


class RuleList(fields.Request):
    rules: Annotated[list[Rule], Field(max_length=500)]


class MemberEntries(fields.Request):
    members: Annotated[list[MemberEntry], Field(max_length=2000)]


class TemplateList(fields.Request):
    templates: Annotated[list[LetterWords], Field(max_length=len(TEMPLATES) * len(LANGUAGES))]


class TemplateChanges(BaseModel):
    changes: list[WordingChange]


class ListedMember(MemberShape):
    is_active: bool


class MemberList(BaseModel):
    members: list[ListedMember]


class MembersReplaced(MemberList):
    new_credentials: list[NewMember] = []
    """Shown once, to hand on; kept nowhere in the clear."""


@router.get("/departments", responses=refusals(*REFUSALS))
def read_departments(_: AdminMember, session: Reading) -> DepartmentList:
    """Those that have ended, too."""
    rows = session.exec(select(Department).order_by(Department.code))
    return DepartmentList(departments=[DepartmentEntry.model_validate(row) for row in rows])


@router.put("/departments", responses=refusals(*REFUSALS, writes=True))
def put_departments(body: Departments, admin: AdminMember, session: Transaction) -> DepartmentList:
    """Who is not in the list ended yesterday."""
    replace_departments(session, body.departments)
    refresh_reference(session)
    return read_departments(admin, session)


@router.get("/categories", responses=refusals(*REFUSALS))
def read_categories(_: AdminMember, session: Reading) -> CategoryList:
    """In the order of the screen; those that have ended, too."""
    return CategoryList(categories=[CategoryEntry.model_validate(row) for row in every_category(session)])


@router.put("/categories", responses=refusals(*REFUSALS, CategoriesInvalid, writes=True))
def put_categories(body: Categories, admin: AdminMember, session: Transaction) -> CategoryList:
    """In their order. What is not in the list is offered no more."""
    replace_categories(session, body.categories)
    refresh_reference(session)
    return read_categories(admin, session)


@router.get("/routing-rules", responses=refusals(*REFUSALS))
def read_rules(_: AdminMember, session: Reading) -> RuleList:
    """From the top; the first that fits decides."""
    return RuleList(rules=rules(session))


@router.put("/routing-rules", responses=refusals(*REFUSALS, RulesInvalid, writes=True))
def put_rules(body: RuleList, admin: AdminMember, session: Transaction) -> RuleList:
    """In the place of all rules. New reports are routed by them."""
    replace_rules(session, body.rules)
    return read_rules(admin, session)


@router.get("/templates", responses=refusals(*REFUSALS))
def read_templates(_: AdminMember, session: Reading) -> TemplateList:
    """What letters say: each letter in each language, in its parts."""
    return TemplateList(templates=letter_words(session))


@router.put("/templates", responses=refusals(*REFUSALS, WordingInvalid, writes=True))
def put_templates(body: TemplateList, admin: AdminMember, session: Transaction) -> TemplateList:
    """Letters sent from now on say this. A letter or a part that is not in the list is as it was shipped."""
    replace_wording(session, admin, body.templates)
    return read_templates(admin, session)


@router.get("/templates/changes", responses=refusals(*REFUSALS))
def read_template_changes(_: AdminMember, session: Reading) -> TemplateChanges:
    """Who worded what anew, and when; newest first."""
    return TemplateChanges(changes=changes(session))


@router.get("/members", responses=refusals(*REFUSALS))
def read_members(_: AdminMember, session: Reading) -> MemberList:
    """Those who left, too."""
    listed = [ListedMember(**dict(member_shape(each)), is_active=each.is_active) for each in members(session)]
    return MemberList(members=listed)


@router.put("/members", responses=refusals(*REFUSALS, MembersInvalid, DepartmentUnknown, writes=True))
def put_members(body: MemberEntries, admin: AdminMember, session: Transaction) -> MembersReplaced:
    """Who is not in the list may sign in no more. Whoever left or moved has no reports in hand any more."""
    shown = replace_members(session, admin, body.members)
    release(session, admin.id)
    return MembersReplaced(members=read_members(admin, session).members, new_credentials=shown)
