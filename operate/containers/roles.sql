-- What only the database's superuser can give; may run again at any time, in the service's database:
--
--   docker compose exec -T database psql -U postgres -d nerirepo < operate/containers/roles.sql
--
-- Then `nerirepo migrate`. Needs the roles nerirepo and nerirepo_public.
SET client_min_messages = warning;
BEGIN;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nerirepo_audit') THEN
        CREATE ROLE nerirepo_audit NOLOGIN;
    END IF;
END $$;

-- The public's role reads, and does nothing else. Neither can it take what the others need.
ALTER ROLE nerirepo_public CONNECTION LIMIT 150;
ALTER ROLE nerirepo_public SET default_transaction_read_only = on;
ALTER ROLE nerirepo_public SET statement_timeout = '30s';
ALTER ROLE nerirepo_public SET lock_timeout = '5s';
ALTER ROLE nerirepo_public SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE nerirepo_public SET temp_file_limit = '1GB';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$
DECLARE
    each regprocedure;
BEGIN
    EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
    -- Large objects fill the disk even in a transaction that only reads; locks by number stop the jobs.
    FOR each IN
        SELECT oid FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace
            AND (proname ~ '^lo_' OR proname IN ('loread', 'lowrite', 'pg_notify') OR proname ~ 'advisory')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', each);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO nerirepo', each);
    END LOOP;
END $$;

-- Audit tables belong to a role that nobody signs in with. The service's own adds lines and reads them; what a
-- table forgets in time goes through functions that belong to that role, too, and can do nothing else.
CREATE SCHEMA IF NOT EXISTS audit;
GRANT USAGE ON SCHEMA audit TO nerirepo;
GRANT USAGE ON SCHEMA public TO nerirepo_audit;
-- Whoever owns a schema may drop what others have in it.
ALTER SCHEMA public OWNER TO CURRENT_USER;
GRANT USAGE, CREATE ON SCHEMA public TO nerirepo;

CREATE OR REPLACE FUNCTION audit.tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['contact_disclosure', 'report_event', 'staff_action', 'letter_wording']
$$;

-- By their whole signatures: whoever hands over a function of another name would have it run with that role's rights.
CREATE OR REPLACE FUNCTION audit.methods() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[
        'audit_expire_disclosures(timestamp with time zone)',
        'audit_clear_disclosure_reasons(uuid[])',
        'refuse_to_change_history()'
    ]
$$;

-- One way: whoever adds lines can hand the tables over, and cannot have them back.
CREATE OR REPLACE FUNCTION audit.take_over() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY audit.tables() LOOP
        -- Nothing where it is theirs: an owner's change waits for every reader, and this runs at each start.
        CONTINUE WHEN NOT EXISTS (
            SELECT FROM pg_class
            WHERE oid = to_regclass('public.' || each) AND relowner <> 'nerirepo_audit'::regrole
        );
        EXECUTE format('ALTER TABLE public.%I OWNER TO nerirepo_audit', each);
        EXECUTE format('REVOKE ALL ON public.%I FROM %I', each, session_user);
        EXECUTE format('GRANT SELECT, INSERT, REFERENCES ON public.%I TO %I', each, session_user);
    END LOOP;
    GRANT SELECT ON public.report, public.report_original TO nerirepo_audit;
    FOREACH each IN ARRAY audit.methods() LOOP
        CONTINUE WHEN to_regprocedure('public.' || each) IS NULL;
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO nerirepo_audit', each);
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', each);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO %I', each, session_user);
    END LOOP;
END $$;

-- For the superuser, before an upgrade that changes one of these tables.
CREATE OR REPLACE FUNCTION audit.give_back() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    each text;
    method regprocedure;
BEGIN
    FOREACH each IN ARRAY audit.tables() LOOP
        CONTINUE WHEN to_regclass('public.' || each) IS NULL;
        EXECUTE format('ALTER TABLE public.%I OWNER TO nerirepo', each);
    END LOOP;
    FOR method IN SELECT oid FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = 'nerirepo_audit'::regrole
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO nerirepo', method);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION audit.take_over(), audit.give_back() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.take_over() TO nerirepo;

COMMIT;
