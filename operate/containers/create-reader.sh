#!/bin/sh
# Run once by the database's container, with its superuser: the role that reads schema `published` and no more,
# and the extensions, so that the service's own role needs no rights beyond its database.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=owner="$OWNER_PASSWORD" --set=reader="$READER_PASSWORD" <<'SQL'
CREATE ROLE nerirepo LOGIN PASSWORD :'owner';
CREATE ROLE nerirepo_public LOGIN PASSWORD :'reader';
ALTER DATABASE nerirepo OWNER TO nerirepo;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
SQL
