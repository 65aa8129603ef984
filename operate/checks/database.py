"""Is the database there, is it set up as we need it, and may its roles do what they should and no more?"""

from nerirepo.base.settings import settings
from nerirepo.database import sql
from nerirepo.database.db import public_reading
from nerirepo.migrations.migrate import is_current
from operate.checks.durability import NotDurable, assert_durable
from operate.checks.probe import Fault, ask, first_line

GIVE_RIGHTS = "as a superuser, in this database: psql -f operate/containers/roles.sql"


def is_there() -> None:
    try:
        ask("SELECT 1")
    except Exception as error:
        raise Fault(
            f"not reachable ({first_line(error)}); is it running, is NERIREPO_DATABASE_URL right?"
        ) from error


def postgis() -> None:
    if not ask("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"):
        raise Fault("missing; as a superuser: CREATE EXTENSION postgis")


def schema() -> None:
    if not is_current():
        raise Fault("older than this program; run: nerirepo migrate")


def durability() -> None:
    try:
        assert_durable()
    except NotDurable as fault:
        raise Fault(str(fault)) from fault


def database_settings() -> None:
    most = int(str(ask("SHOW max_connections")))
    if most < (wanted := 4 * settings().pool_size):
        raise Fault(
            f"max_connections is {most}; {wanted} or more are used: raise it, or lower NERIREPO_POOL_SIZE"
        )
    if (encoding := ask("SHOW server_encoding")) != "UTF8":
        raise Fault(f"server_encoding is {encoding}; make the database with --encoding=UTF8")


def japanese_search() -> None:
    if not ask("SELECT cardinality(show_trgm('街路灯'))"):
        raise Fault("pg_trgm sees no Japanese letters; make the database with --locale=C.UTF-8")


def restricted_role() -> None:
    asked = """
        SELECT has_table_privilege(to_regclass('public.reporter')::oid, 'SELECT') AS sees_people,
            has_database_privilege(current_database(), 'TEMP, CREATE')
            OR has_function_privilege('lo_create(oid)', 'EXECUTE')
            OR current_setting('default_transaction_read_only') = 'off' AS may_more
    """
    try:
        with public_reading() as session:
            sees_people, may_more = sql.first(session, asked)
    except Exception as error:
        raise Fault(
            f"cannot connect ({first_line(error)}); is NERIREPO_PUBLIC_DATABASE_URL right?"
        ) from error
    if sees_people:
        raise Fault("it can read personal data; NERIREPO_PUBLIC_DATABASE_URL must name the restricted role")
    if may_more:
        raise Fault(f"it can do more than read; {GIVE_RIGHTS}")


def audit() -> None:
    """The probe is the table by which somebody would hide that they have looked at contact data."""
    if ask("SELECT has_table_privilege('public.contact_disclosure', 'DELETE')"):
        raise Fault(f"the service's own role may change audit tables; {GIVE_RIGHTS}, then: nerirepo migrate")
