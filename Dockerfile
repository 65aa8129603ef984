# The program with all its processes; docker-compose.yml says which container runs which.
FROM python:3.11-slim-bookworm

RUN useradd --system --user-group --no-create-home nerirepo \
 && install -d -o nerirepo -g nerirepo /var/lib/nerirepo /var/lib/nerirepo/s3 /var/lib/nerirepo/mail
WORKDIR /opt/nerirepo

COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

COPY . .
RUN for site in web_public web_staff api/letters; do \
      install -D -m 644 node_modules/@digital-go-jp/design-tokens/dist/tokens.css $site/static/built/tokens.css; \
    done \
 && install -D -m 644 -t api/docs/static/built node_modules/swagger-ui-dist/swagger-ui.css \
      node_modules/swagger-ui-dist/swagger-ui-bundle.js \
 && python -m compileall -q nerirepo api workers web_public web_staff operate \
 && pwd > "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nerirepo.pth" \
 && printf '%s\n' '#!/bin/sh' 'exec python -P -m operate "$@"' > /usr/local/bin/nerirepo \
 && chmod 755 /usr/local/bin/nerirepo

ENV NERIREPO_HOME=/var/lib/nerirepo
USER nerirepo
CMD ["nerirepo", "--help"]
