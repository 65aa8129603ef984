#!/bin/sh
# Run once by the database's container, with its superuser: the service's role, the one that reads schema
# `published` and no more, and the one that copies everything; and the extensions, so that the service's own role
# needs no rights beyond its database.
set -eu
password() { cat "${SECRETS:-/run/secrets}/$1"; }
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=owner="$(password OWNER_PASSWORD)" --set=reader="$(password READER_PASSWORD)" \
  --set=copier="$(password BACKUP_PASSWORD)" <<'SQL'
CREATE ROLE nerirepo LOGIN PASSWORD :'owner';
CREATE ROLE nerirepo_public LOGIN PASSWORD :'reader';
CREATE ROLE nerirepo_backup LOGIN REPLICATION PASSWORD :'copier';
ALTER DATABASE nerirepo OWNER TO nerirepo;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
SQL
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --quiet \
  --file "$(dirname "$0")/roles.sql"
echo 'host replication nerirepo_backup all scram-sha-256' >>"$PGDATA/pg_hba.conf"
