"""Which outside parts this process uses, and every secret: read once from NERIREPO_* variables.

The defaults suit the embedded development parts. `Settings` refuses to exist in production while a
development value is left, so that a forgotten variable stops the start and not a resident.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent

DEVELOPMENT_SECRET = "development-only"


class Settings(BaseSettings):
    """One attribute per variable: `base_url` is `NERIREPO_BASE_URL`. URLs have no trailing slash."""

    model_config = SettingsConfigDict(env_prefix="NERIREPO_", extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    home: Path = Path("var")
    ward: Path = CHECKOUT / "wards" / "nerima"
    base_url: str = "http://localhost:8000"

    database_url: str = "postgresql://nerirepo@/nerirepo"
    """libpq URL of the service's own role (owner of every schema)."""
    public_database_url: str = "postgresql://nerirepo_public@/nerirepo"
    """libpq URL of the role that reads schema `published` and nothing else."""
    pool_size: int = Field(default=20, ge=1)
    """Connections that a process keeps to each engine, and requests that it works on at once."""

    s3_endpoint: str = "http://127.0.0.1:9000"
    s3_region: str = "ap-northeast-1"
    s3_access_key: str = "nerirepo"
    s3_secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    s3_private_bucket: str = "nerirepo-private"
    s3_published_bucket: str = "nerirepo-published"
    uploads: Literal["api", "s3"] = "api"
    """Where a phone sends a photo's bytes: through our API, or straight to S3 by a presigned URL."""

    smtp_url: str = "smtp://127.0.0.1:1025"
    """smtp://, smtp+starttls:// or smtps://, with user:password@ where the server asks for it."""
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

    map_tiles_url: str = ""
    """Raster tiles under the map, `https://.../{z}/{x}/{y}.png`; without, the ward's own lines and no request
    to anybody else."""
    map_tiles_credit: str = "地理院タイル"
    """The credit line that the maker of the tiles asks for."""
    map_tiles_site: str = "https://maps.gsi.go.jp/development/ichiran.html"
    """Where the credit line leads."""

    trusted_proxies: str = ""
    """Addresses or networks, with commas between, of the proxies whose X-Forwarded-For tells a client's."""
    log_level: str = "INFO"
    worker_port: int = 0
    """Loopback port of the worker's health answers; 0 for none."""
    metrics_port: int = 0
    """Where a process answers Prometheus; 0 for none. Each process of a machine needs its own."""
    metrics_host: str = "127.0.0.1"
    """Never an address that the public reaches."""

    @model_validator(mode="before")
    @classmethod
    def _split_addresses(cls, values: dict) -> dict:
        allowed = values.get("mail_recipients_allowed")
        if isinstance(allowed, str):
            values["mail_recipients_allowed"] = [
                each.strip().lower() for each in allowed.split(",") if each.strip()
            ]
        return values

    @model_validator(mode="after")
    def _refuse_development_values_in_production(self) -> Self:
        if self.environment != "production":
            return self
        faults = []
        if not self.base_url.startswith("https://"):
            faults.append("NERIREPO_BASE_URL must begin with https://")
        if len(self.secret_key.get_secret_value()) < 32:
            faults.append("NERIREPO_SECRET_KEY must have at least 32 characters")
        if not self.receipt_key.get_secret_value():
            faults.append("NERIREPO_RECEIPT_KEY must be set")
        if self.s3_secret_key.get_secret_value() == DEVELOPMENT_SECRET:
            faults.append("NERIREPO_S3_SECRET_KEY must be set")
        if self.smtp_is_sink:
            faults.append("NERIREPO_SMTP_IS_SINK must not be set: letters would reach nobody")
        for name in ("database_url", "public_database_url"):
            if name not in self.model_fields_set:
                faults.append(f"NERIREPO_{name.upper()} must be set")
        if self.database_url == self.public_database_url:
            faults.append("NERIREPO_PUBLIC_DATABASE_URL must name the restricted role")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


@cache
def settings() -> Settings:
    """The process's settings, read at first use."""
    return Settings()
