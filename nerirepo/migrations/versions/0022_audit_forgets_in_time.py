"""The only ways in which an audit table forgets: what is old, and free words about somebody who has left.

`audit.take_over()`, where the database has it, gives these functions and their table to a role of their own.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FUNCTIONS = (
    """
    CREATE FUNCTION audit_expire_disclosures(before timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
        DELETE FROM public.contact_disclosure WHERE at < least(before, now() - interval '1095 days')
    $$
    """,
    """
    CREATE FUNCTION audit_clear_disclosure_reasons(reports uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
        UPDATE public.contact_disclosure AS line SET reason = ''
        FROM public.report
        WHERE report.id = line.report_id AND report.id = ANY(reports) AND line.reason <> ''
            AND (
                report.closed_at IS NOT NULL
                OR NOT EXISTS (SELECT FROM public.report_original AS own WHERE own.report_id = report.id)
            )
    $$
    """,
)


def upgrade() -> None:
    for function in FUNCTIONS:
        op.execute(function)
    for signature in ("audit_expire_disclosures(timestamptz)", "audit_clear_disclosure_reasons(uuid[])"):
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION audit_expire_disclosures(timestamptz)")
    op.execute("DROP FUNCTION audit_clear_disclosure_reasons(uuid[])")
