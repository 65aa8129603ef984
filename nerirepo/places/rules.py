"""The ordered routing table: read it, or replace it as a whole."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.catalogue.tables import Category, Department, Manager
from nerirepo.database import sql
from nerirepo.places.routing import Rule, covers
from nerirepo.places.tables import RoutingRule


class RulesInvalid(Invalid):
    """A rule names something that does not exist."""

    code = "rules_invalid"


def rules(session: Session) -> list[Rule]:
    """From the top."""
    stored = session.exec(select(col(RoutingRule.rule)).order_by(col(RoutingRule.position)))
    return [Rule.model_validate(each) for each in stored]


def replace_rules(session: Session, table: Sequence[Rule]) -> None:
    """Put `table` in the place of all rules. Raises `RulesInvalid` with a fault for each unknown code."""
    faults = _faults(session, table)
    if faults:
        raise RulesInvalid(f"{faults[0].field}: {faults[0].detail}", faults=tuple(faults))
    sql.run(session, "LOCK TABLE routing_rule IN SHARE ROW EXCLUSIVE MODE")
    session.exec(delete(RoutingRule))
    session.add_all(
        RoutingRule(position=position, rule=rule.model_dump(mode="json", exclude_defaults=True))
        for position, rule in enumerate(table, start=1)
    )
    session.flush()


def _faults(session: Session, table: Sequence[Rule]) -> list[FieldFault]:
    departments = set(session.exec(select(Department.code)))
    managers = set(session.exec(select(Manager.code)))
    categories = {each.code: each for each in session.exec(select(Category))}
    faults: list[FieldFault] = []

    def fault(index: int, field: str, detail: str) -> None:
        faults.append(FieldFault(f"rules[{index}].{field}", "unknown_code", detail))

    for index, rule in enumerate(table):
        if rule.then.department is not None and rule.then.department not in departments:
            fault(index, "then.department", f"there is no department {rule.then.department!r}")
        if rule.then.manager is not None and rule.then.manager not in managers:
            fault(index, "then.manager", f"there is no manager {rule.then.manager!r}")
        covered = [
            each for each in categories.values() if any(covers(p, each.code) for p in rule.when.category)
        ]
        for pattern in rule.when.category:
            if not any(covers(pattern, code) for code in categories):
                fault(index, "when.category", f"there is no category {pattern!r}")
        questions = {question["code"] for each in covered for question in each.questions}
        for question in rule.when.answers:
            if question not in questions:
                fault(index, "when.answers", f"no category of the rule asks {question!r}")
    return faults
