"""A forgotten variable stops the start in production, and never a resident."""

import base64
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from nerirepo.base import production
from nerirepo.base.settings import Settings, SettingsWrong, settings

PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "base_url": "https://nerirepo.example.jp",
    "database_url": "postgresql://nerirepo@db.example.jp/nerirepo?sslmode=verify-full",
    "public_database_url": "postgresql://nerirepo_public@db.example.jp/nerirepo?sslmode=verify-full",
    "s3_endpoint": "https://s3.example.jp",
    "s3_secret_key": "a key of the ward's own store",
    "secret_key": "9c1f0be27d4a58836ef2b1a0d9754c3e",
    "receipt_key": "kTq3xV0rM8ZpY5sW1nBf7uJcHd2LgEa9oRiXvQy4tUw=",
    "smtp_url": "smtp+starttls://mail.example.jp",
    "smtp_is_sink": False,
}


@pytest.fixture(autouse=True)
def no_settings_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("NERIREPO_")]:
        monkeypatch.delenv(name)


def test_production_starts_when_everything_has_been_set() -> None:
    assert Settings(**PRODUCTION).is_https


def test_development_needs_nothing() -> None:
    assert Settings().environment == "development"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"base_url": "http://nerirepo.example.jp"}, "NERIREPO_BASE_URL"),
        ({"secret_key": "development-only"}, "NERIREPO_SECRET_KEY"),
        ({"secret_key": "short"}, "NERIREPO_SECRET_KEY"),
        ({"receipt_key": ""}, "NERIREPO_RECEIPT_KEY"),
        ({"s3_secret_key": "development-only"}, "NERIREPO_S3_SECRET_KEY"),
        ({"smtp_is_sink": True}, "NERIREPO_SMTP_IS_SINK"),
        ({"smtp_url": "smtp://user:password@mail.example.jp"}, "NERIREPO_SMTP_URL"),
        ({"public_database_url": PRODUCTION["database_url"]}, "NERIREPO_PUBLIC_DATABASE_URL"),
        ({"secret_key": "a" * 32}, "NERIREPO_SECRET_KEY repeats itself"),
        ({"secret_key": "9c1f0be27d4a5883" * 2}, "NERIREPO_SECRET_KEY repeats itself"),
        ({"secret_key": "0123456789abcdefghijklmnopqrstuv"}, "NERIREPO_SECRET_KEY repeats itself or runs on"),
        ({"secret_key": "ChangeMe-9c1f0be27d4a58836ef2b1a0"}, "NERIREPO_SECRET_KEY is like one"),
        ({"secret_key_previous": "short"}, "NERIREPO_SECRET_KEY_PREVIOUS must have"),
        ({"s3_secret_key": "a"}, "NERIREPO_S3_SECRET_KEY must have at least 16"),
        ({"s3_secret_key": "minio-secret-key-of-ours"}, "NERIREPO_S3_SECRET_KEY is like one"),
        ({"receipt_key": "AAAA"}, "NERIREPO_RECEIPT_KEY must be 32 bytes"),
        ({"receipt_key": "not base64, and long enough to be one"}, "NERIREPO_RECEIPT_KEY must be 32 bytes"),
        ({"receipt_key": f"{'A' * 43}="}, "NERIREPO_RECEIPT_KEY repeats itself"),
        ({"s3_endpoint": "http://s3.example.jp"}, "NERIREPO_S3_ENDPOINT must begin with https://"),
        ({"traces_url": "http://collector:4318/v1/traces"}, "NERIREPO_TRACES_URL must begin with https://"),
        ({"map_tiles_url": "http://maps.example.jp/{z}/{x}/{y}.png"}, "NERIREPO_MAP_TILES_URL must begin"),
        ({"smtp_url": "smtp://mail.example.jp"}, "NERIREPO_SMTP_URL must begin with smtps://"),
        ({"database_url": "postgresql://nerirepo@db/nerirepo"}, "NERIREPO_DATABASE_URL must say sslmode"),
        (
            {"public_database_url": "postgresql://nerirepo_public@db/nerirepo?sslmode=prefer"},
            "NERIREPO_PUBLIC_DATABASE_URL must say sslmode",
        ),
        (
            {"database_url": "postgresql://nerirepo@127.0.0.1,db2.example.jp/nerirepo"},
            "NERIREPO_DATABASE_URL must say sslmode",
        ),
        ({"backup_database_url": "postgresql://b@db/nerirepo"}, "NERIREPO_BACKUP_DATABASE_URL must say"),
        ({"trusted_proxies": "*"}, "NERIREPO_TRUSTED_PROXIES must name"),
        ({"trusted_proxies": "10.0.0.1, *"}, "NERIREPO_TRUSTED_PROXIES must name"),
        ({"trusted_proxies": "::/0"}, "NERIREPO_TRUSTED_PROXIES must name"),
        ({"trusted_proxies": "0.0.0.0/1, 128.0.0.0/1"}, "NERIREPO_TRUSTED_PROXIES must name"),
        ({"log_level": "DEBUG"}, "NERIREPO_LOG_LEVEL must be one of"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_production_refuses_a_development_value_and_names_it(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        Settings(**PRODUCTION | change)


PLAIN = {
    "database_url": "postgresql://nerirepo@database/nerirepo",
    "public_database_url": "postgresql://nerirepo_public@database,db2/nerirepo",
    "s3_endpoint": "http://store:9000",
    "smtp_url": "smtp://mail:1025",
}


def test_what_is_plain_may_go_through_a_network_that_is_named_as_trusted() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**PRODUCTION | PLAIN)
    for name in PLAIN:
        assert f"NERIREPO_{name.upper()}" in str(refused.value), "all are told at once"
    with pytest.raises(ValidationError, match="NERIREPO_PUBLIC_DATABASE_URL"):
        Settings(**PRODUCTION | PLAIN, trusted_network_hosts="database,store,mail")
    assert Settings(**PRODUCTION | PLAIN, trusted_network_hosts="database, Store,mail,db2").is_https


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "[::1]", "localhost"])
def test_on_this_machine_nothing_need_be_encrypted(host: str) -> None:
    here = {
        "database_url": f"postgresql://nerirepo@{host}/nerirepo",
        "public_database_url": "postgresql://nerirepo_public@/nerirepo?host=/run/postgresql",
        "s3_endpoint": f"http://{host}:9000",
        "smtp_url": f"smtp://{host}:1025",
    }
    assert Settings(**PRODUCTION | here).is_https


@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe], ids=["hex", "base64"])
def test_what_a_machine_makes_is_taken(make: Callable[[int], str]) -> None:
    for _ in range(1000):
        assert production.weakness(make(24), production.SHORTEST_SECRET) is None
        seed = base64.b64encode(secrets.token_bytes(32)).decode()
        assert production.receipt_weakness(seed) is None


@pytest.mark.parametrize("missing", ["database_url", "public_database_url", "s3_endpoint", "smtp_url"])
def test_production_refuses_a_part_that_was_not_named(missing: str) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(ValidationError, match=f"NERIREPO_{missing.upper()}"):
        Settings(**given)


@pytest.mark.parametrize("url", ["mail.example.jp", "http://mail.example.jp", "smtp://", "smtp:25"])
def test_a_mail_server_s_address_must_be_one(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NERIREPO_SMTP_URL", url)
    with pytest.raises(ValidationError, match="smtp_url"):
        Settings()


def test_a_refusal_names_the_variables_and_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NERIREPO_ENVIRONMENT", "production")
    monkeypatch.setenv("NERIREPO_SECRET_KEY", "opensesame")
    monkeypatch.setenv("NERIREPO_SMTP_URL", "mail://hanako:opensesame@mail.example.jp")
    settings.cache_clear()
    with pytest.raises(SettingsWrong) as refused:
        settings()
    assert [each.partition(":")[0] for each in refused.value.faults] == ["NERIREPO_SMTP_URL"]
    monkeypatch.setenv("NERIREPO_SMTP_URL", "smtps://hanako:opensesame@mail.example.jp")
    with pytest.raises(SettingsWrong) as refused:
        settings()
    assert len(refused.value.faults) > 4
    assert "opensesame" not in str(refused.value)


def test_allowed_recipients_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NERIREPO_MAIL_RECIPIENTS_ALLOWED", "A@example.jp, b@example.jp,")
    assert Settings().mail_recipients_allowed == {"a@example.jp", "b@example.jp"}


@pytest.mark.parametrize("environment", ["development", "production"])
@pytest.mark.parametrize("name", ["base_url", "s3_endpoint"])
@pytest.mark.parametrize(
    "written", ["https://machi.example.jp/", "https://machi.example.jp///", " https://machi.example.jp "]
)
def test_a_slash_at_the_end_of_an_address_is_left_out(environment: str, name: str, written: str) -> None:
    settings = Settings(**PRODUCTION | {"environment": environment, name: written})
    assert getattr(settings, name) == "https://machi.example.jp"


@pytest.mark.parametrize("environment", ["development", "production"])
@pytest.mark.parametrize("name", ["base_url", "s3_endpoint"])
@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("https://example.jp/machi", "no path"),
        ("https://example.jp/machi/", "no path"),
        ("https://example.jp?a=b", "no path"),
        ("https://example.jp/?", "no path"),
        ("https://example.jp#top", "no path"),
        ("https://user:secret@example.jp", "no user"),
        ("localhost:8145", "must begin"),
        ("example.jp", "must begin"),
        ("//example.jp", "must begin"),
        ("ftp://example.jp", "must begin"),
        ("https://", "must begin"),
        ("https:///machi", "must begin"),
        ("", "must begin"),
        ("https://exa mple.jp", "cannot be"),
        ("https://example.jp:", "cannot be"),
        ("https://example.jp:99999", "range"),
    ],
)
def test_an_address_with_more_or_less_than_scheme_and_host_is_refused(
    environment: str, name: str, written: str, why: str
) -> None:
    with pytest.raises(ValidationError, match=why) as refused:
        Settings(**PRODUCTION | {"environment": environment, name: written})
    assert "secret" not in str(refused.value)
