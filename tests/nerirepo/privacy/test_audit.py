"""Who looked at contact data, and who did what, cannot be changed by the role that the service uses."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from nerirepo.base import clock
from nerirepo.database.db import reading, transaction
from nerirepo.migrations.migrate import upgrade
from nerirepo.privacy import audit
from nerirepo.reports.disclose_contact import disclose_contact
from nerirepo.staff.tables import Member
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")

AUDIT = ("contact_disclosure", "report_event", "staff_action", "letter_wording")


@pytest.mark.parametrize("table", AUDIT)
@pytest.mark.parametrize(
    "attempt",
    [
        "DELETE FROM {}",
        "UPDATE {} SET member_id = NULL",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
        "GRANT DELETE ON {0} TO CURRENT_USER; DELETE FROM {0}",
        "CREATE RULE nothing AS ON INSERT TO {} DO INSTEAD NOTHING",
        "DROP TABLE {} CASCADE",
        "SET ROLE nerirepo_audit",
        "SELECT audit.give_back()",
        "CREATE OR REPLACE FUNCTION audit_expire_disclosures(before timestamptz) RETURNS void"
        " LANGUAGE sql AS 'DELETE FROM contact_disclosure'",
    ],
)
def test_the_service_s_own_role_changes_no_audit_table(table: str, attempt: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner|must be member"),
        transaction() as session,
    ):
        session.execute(text(attempt.format(table)))


@pytest.mark.parametrize(
    "name", ["audit_evil()", "audit_expire_disclosures()", "refuse_to_change_history_evil()"]
)
def test_a_function_that_the_service_makes_up_is_never_run_with_the_audit_s_rights(name: str) -> None:
    evil = "RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM public.contact_disclosure'"
    with transaction() as session:
        session.execute(text(f"CREATE FUNCTION public.{name} {evil}"))
        session.execute(text("SELECT audit.take_over()"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(f"SELECT public.{name}"))
        session.rollback()


def test_it_deletes_nothing_that_is_younger_than_three_years_whatever_it_asks_for() -> None:
    desk, report_id = people.member(), life.post(people.resident())
    with transaction() as session:
        disclose_contact(session, session.get_one(Member, desk.id), report_id, "部品の色をたずねる")
    with transaction() as session:
        audit.expire_disclosures(session, clock.now() + timedelta(days=9999))
        audit.clear_disclosure_reasons(session, [report_id])
    with reading() as session:
        assert session.execute(text("SELECT reason FROM contact_disclosure")).scalars().all() == [
            "部品の色をたずねる"
        ], "the report is open, and its sender here"


def test_migrating_again_changes_nothing() -> None:
    upgrade()
    with reading() as session:
        owners = session.execute(
            text("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename = ANY(:names)"),
            {"names": [*AUDIT]},
        )
        assert owners.scalars().all() == ["nerirepo_audit"]
