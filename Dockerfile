# One image for the server and the worker of docker-compose.yml. Build: docker compose build
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DO_NOT_TRACK=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    PREFECT_HOME=/tmp/prefect

WORKDIR /app

# Libraries first: this layer is built again only when the lock changes. Every file is checked against its hash.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

# The build backend is in the lock, so nothing that is not hashed gets in.
COPY pyproject.toml README.md LICENSE ./
COPY flows ./flows
COPY transforms ./transforms
COPY warehouse ./warehouse
RUN pip install --no-deps --no-build-isolation . \
    && rm -rf flows transforms warehouse build *.egg-info

# A fixed id, so that folders of the host can be given to it. A new volume on /app/data takes over this owner.
RUN groupadd --gid 10001 frontrunner \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin frontrunner \
    && mkdir -p /app/config /app/data \
    && chown 10001:10001 /app/data

USER 10001:10001
VOLUME ["/app/data"]
ENTRYPOINT []
CMD ["frontrunner", "--help"]
