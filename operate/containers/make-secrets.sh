#!/bin/sh
# Makes the folder `secrets` for docker-compose.yml, once: passwords, keys, and a certificate of one's own for a
# trial. What exists is left as it is. Keep a copy where the ward keeps its passwords: receipts need
# NERIREPO_RECEIPT_KEY for ever.
#
#   operate/containers/make-secrets.sh [FOLDER]
set -eu
folder=${1:-secrets}
mkdir -p "$folder"
chmod 700 "$folder" # the files themselves are read by the containers' users
cd "$folder"
umask 022
word() { openssl rand -hex 24; }
make() { # make NAME CONTENT
  if [ ! -e "$1" ]; then printf '%s' "$2" >"$1"; fi
}
for role in SUPERUSER OWNER READER BACKUP; do make "${role}_PASSWORD" "$(word)"; done
make NERIREPO_DATABASE_URL "postgresql://nerirepo:$(cat OWNER_PASSWORD)@database/nerirepo"
make NERIREPO_PUBLIC_DATABASE_URL "postgresql://nerirepo_public:$(cat READER_PASSWORD)@database/nerirepo"
make NERIREPO_BACKUP_DATABASE_URL "postgresql://nerirepo_backup:$(cat BACKUP_PASSWORD)@database/nerirepo"
make NERIREPO_S3_SECRET_KEY "$(word)"
make NERIREPO_SECRET_KEY "$(word)"
make NERIREPO_RECEIPT_KEY "$(openssl rand -base64 32)"
if [ ! -e tls.key ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout tls.key -out tls.crt 2>/dev/null
  chmod 644 tls.key
fi
