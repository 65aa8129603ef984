"""Which outside parts this process uses, and every secret: read once from NERIREPO_* variables.

The defaults suit the embedded development parts. `Settings` refuses to exist in production while a
development value is left, so that a forgotten variable stops the start and not a resident.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from nerirepo.base import production

CHECKOUT = Path(__file__).resolve().parents[2]

DEVELOPMENT_SECRET = "development-only"

MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""Ways to a mail server, and where it listens where no port is named."""


def origin(url: str) -> str:
    """Scheme and host of an address, without the slash that many write at its end: paths are put behind it.

    Raises `ValueError` for anything more, or less; the value stays out of it, as it may hold a password.
    """
    url = url.strip().rstrip("/")
    said = urlsplit(url)
    if said.scheme not in ("http", "https") or not said.hostname:
        raise ValueError("must begin with https:// (or http://) and a host")
    if said.username is not None or said.password is not None:
        raise ValueError("must hold no user and no password")
    if said.path or "?" in url or "#" in url:
        raise ValueError("must end after the host and port: no path, ? or # may follow")
    if set(url) & set(' \t\r\n\\"<>') or said.netloc.endswith(":") or said.port == 0:
        raise ValueError("has a host or port that cannot be")
    return url


class Settings(BaseSettings):
    """One attribute per variable: `base_url` is `NERIREPO_BASE_URL`. URLs have no trailing slash.

    What is said of each attribute stands in docs/settings.md, too: `nerirepo settings` writes it.
    """

    model_config = SettingsConfigDict(
        env_prefix="NERIREPO_",
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # among what was given are secrets
    )

    environment: Literal["development", "production"] = "development"
    """`production` refuses to start while a development value is left, and starts no parts of its own."""
    home: Path = Path("var")
    """The data folder of one machine. Where all parts are elsewhere, small files for a moment."""
    ward: Path = CHECKOUT / "wards" / "nerima"
    """The ward's folder, read into the database once, at first start."""
    base_url: str = "http://localhost:8000"
    """The address by which people reach the service; it stands in letters. https:// in production. A scheme
    and a host, and nothing after them: the service does not live below a path."""

    database_url: str = "postgresql://nerirepo@/nerirepo"
    """libpq URL of the service's own role (owner of every schema)."""
    public_database_url: str = "postgresql://nerirepo_public@/nerirepo"
    """libpq URL of the role that reads schema `published` and nothing else."""
    backup_database_url: str = ""
    """libpq URL of a role with REPLICATION, for `nerirepo backup`; the embedded database needs none."""
    backups: Literal["ours", "elsewhere"] = "ours"
    """`elsewhere` where others than `nerirepo backup` copy the database and the buckets: then `nerirepo
    check` does not ask how old the last copy is."""
    pool_size: int = Field(default=20, ge=1)
    """Connections that a process keeps to each engine, and requests that it works on at once."""

    s3_endpoint: str = "http://127.0.0.1:9000"
    """The S3 store for pictures."""
    s3_region: str = "ap-northeast-1"
    """As the store calls it; it is part of each signature."""
    s3_access_key: str = "nerirepo"
    """Of the store. The key must be allowed to read, write, list and delete in both buckets."""
    s3_secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    """The secret that belongs to it; at least 16 characters in production."""
    s3_private_bucket: str = "nerirepo-private"
    """Originals and what is not public. Nobody but the service may read it."""
    s3_published_bucket: str = "nerirepo-published"
    """Cleared pictures. Read by the service, too: it needs no public access."""
    uploads: Literal["api", "s3"] = "api"
    """Where a phone sends a photo's bytes: through our API, or straight to S3 by a presigned URL."""

    smtp_url: str = "smtp://127.0.0.1:1025"
    """smtp://, smtp+starttls:// or smtps://, with user:password@ where the server asks for it, each written
    as in URLs (`@` is `%40`). A server whose certificate is of the ward's own authority: SSL_CERT_FILE."""
    smtp_is_sink: bool = False
    """The server keeps every message for itself: any recipient may be written to."""
    mail_recipients_allowed: Annotated[frozenset[str], NoDecode] = frozenset()
    """Outside production, the only addresses that a server other than the sink may be given."""

    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    """Root of sign-in codes, link and upload tokens; at least 32 characters in production."""
    secret_key_previous: SecretStr = SecretStr("")
    """The root before it was changed: what it signed is accepted while this stands. Links hold for a year."""
    receipt_key: SecretStr = SecretStr("")
    """Ed25519 seed, 32 bytes in base64. Receipts signed with it must verify for ever."""
    receipt_keys_retired: str = ""
    """Public keys, in base64 and with commas between, of seeds used before: published for ever."""

    reports_per_hour: int = Field(default=300, ge=1)
    """New reports that one person may send in any hour; a phone that comes home with a long queue waits."""
    reports_per_hour_of_new: int = Field(default=20, ge=1)
    """The same, in the first seven days of an account."""
    reports_per_day_of_new: int = Field(default=60, ge=1)
    """New reports in any 24 hours of those seven days."""
    photo_mb_per_day: int = Field(default=1000, ge=20)
    """Megabytes of photos that one resident may announce in any 24 hours."""
    photo_mb_per_day_unregistered: int = Field(default=100, ge=20)
    """The same, before somebody has said that they live, work or study here."""

    map_tiles_url: str = ""
    """Raster tiles under the map, `https://.../{z}/{x}/{y}.png`; without, the ward's own lines and no request
    to anybody else."""
    map_tiles_credit: str = "地理院タイル"
    """The credit line that the maker of the tiles asks for."""
    map_tiles_site: str = "https://maps.gsi.go.jp/development/ichiran.html"
    """Where the credit line leads."""

    trusted_proxies: str = ""
    """Addresses or networks, with commas between, of the proxies whose X-Forwarded-For tells a client's.
    In production not `*`."""
    trusted_network_hosts: str = ""
    """Hosts, with commas between, to which what is not encrypted may go in production: containers of one
    inner network. Without, only to this machine."""
    log_level: str = "INFO"
    """DEBUG, INFO, WARNING or ERROR; in production not DEBUG."""
    traces_url: str = ""
    """Where OpenTelemetry's traces go, `http://collector:4318/v1/traces`; without, none are made. How many
    are kept, and with which headers they are sent, OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_HEADERS say."""
    worker_port: int = 0
    """Loopback port of the worker's health answers; 0 for none."""
    metrics_port: int = 0
    """Where a process answers Prometheus; 0 for none. Each process of a machine needs its own."""
    metrics_host: str = "127.0.0.1"
    """Never an address that the public reaches."""

    @model_validator(mode="before")
    @classmethod
    def _split_addresses(cls, values: dict[str, Any]) -> dict[str, Any]:
        allowed = values.get("mail_recipients_allowed")
        if isinstance(allowed, str):
            values["mail_recipients_allowed"] = [
                each.strip().lower() for each in allowed.split(",") if each.strip()
            ]
        return values

    @field_validator("base_url", "s3_endpoint")
    @classmethod
    def _is_an_origin(cls, url: str) -> str:
        return origin(url)

    @field_validator("map_tiles_url", "map_tiles_site", "traces_url")
    @classmethod
    def _is_of_the_web(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _is_of_a_mail_server(cls, url: str) -> str:
        server = urlsplit(url)
        if server.scheme not in MAIL_PORTS or not server.hostname:
            # Without the value: it may hold a password.
            raise ValueError(f"must begin with {', '.join(f'{each}://' for each in MAIL_PORTS)} and a host")
        return url

    @model_validator(mode="after")
    def _refuse_development_values_in_production(self) -> Self:
        if self.environment != "production":
            return self
        faults = [*self._weak(), *self._plain()]
        if not self.base_url.startswith("https://"):
            faults.append("NERIREPO_BASE_URL must begin with https://")
        if self.smtp_is_sink:
            faults.append("NERIREPO_SMTP_IS_SINK must not be set: letters would reach nobody")
        if (server := urlsplit(self.smtp_url)).password and server.scheme == "smtp":
            faults.append(
                "NERIREPO_SMTP_URL has a password and must encrypt it: smtps:// or smtp+starttls://"
            )
        for name in ("database_url", "public_database_url", "s3_endpoint", "smtp_url"):
            if name not in self.model_fields_set:
                faults.append(f"NERIREPO_{name.upper()} must be set")
        if self.database_url == self.public_database_url:
            faults.append("NERIREPO_PUBLIC_DATABASE_URL must name the restricted role")
        if production.trusts_everybody(self.trusted_proxies):
            faults.append(
                "NERIREPO_TRUSTED_PROXIES must name the proxies: anybody else could claim any address"
            )
        if self.log_level not in production.LOG_LEVELS:
            faults.append(f"NERIREPO_LOG_LEVEL must be one of {', '.join(sorted(production.LOG_LEVELS))}")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _weak(self) -> Iterator[str]:
        kept = {
            "secret_key": (self.secret_key, production.SHORTEST_SECRET),
            "s3_secret_key": (self.s3_secret_key, production.SHORTEST_STORE_SECRET),
        }
        if self.secret_key_previous.get_secret_value():
            kept["secret_key_previous"] = (self.secret_key_previous, production.SHORTEST_SECRET)
        for name, (secret, shortest) in kept.items():
            if why := production.weakness(secret.get_secret_value(), shortest):
                yield f"NERIREPO_{name.upper()} {why}"
        if why := production.receipt_weakness(self.receipt_key.get_secret_value()):
            yield f"NERIREPO_RECEIPT_KEY {why}"

    def _plain(self) -> Iterator[str]:
        trusted = production.hosts(self.trusted_network_hosts)
        otherwise = "or NERIREPO_TRUSTED_NETWORK_HOSTS must name its host"
        for name, url in (("S3_ENDPOINT", self.s3_endpoint), ("TRACES_URL", self.traces_url)):
            if production.plain_url(url, "http", trusted):
                yield f"NERIREPO_{name} must begin with https://, {otherwise}"
        if production.plain_url(self.smtp_url, "smtp", trusted):
            yield f"NERIREPO_SMTP_URL must begin with smtps:// or smtp+starttls://, {otherwise}"
        if self.map_tiles_url.startswith("http://"):
            yield "NERIREPO_MAP_TILES_URL must begin with https://"
        for name in ("database_url", "public_database_url", "backup_database_url"):
            if production.plain_database(getattr(self, name), trusted):
                yield f"NERIREPO_{name.upper()} must say sslmode=verify-full (or require), {otherwise}"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


class SettingsWrong(Exception):
    """NERIREPO_* variables are missing or wrong. `faults` names each, and never its value."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


@cache
def settings() -> Settings:
    """The process's settings, read at first use. Raises `SettingsWrong`."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsWrong([fault for each in error.errors() for fault in _told(each)]) from None


def _told(error: ErrorDetails) -> list[str]:
    words = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return words.split("; ")
    return [f"NERIREPO_{str(error['loc'][0]).upper()}: {words}"]
