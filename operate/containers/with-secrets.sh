#!/bin/sh
# Runs a command with every file /run/secrets/NERIREPO_* as the variable of that name: a secret in `environment`
# could be read by whoever may inspect a container.
set -eu
for file in "${SECRETS:-/run/secrets}"/NERIREPO_*; do
  if [ -r "$file" ]; then export "${file##*/}=$(cat "$file")"; fi
done
exec "$@"
