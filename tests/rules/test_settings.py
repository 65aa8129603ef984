"""A forgotten variable stops the start in production, and never a resident."""

from typing import Any

import pytest
from pydantic import ValidationError

from nerirepo.settings import Settings, SettingsWrong, settings

PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "base_url": "https://nerirepo.example.jp",
    "database_url": "postgresql://nerirepo@db/nerirepo",
    "public_database_url": "postgresql://nerirepo_public@db/nerirepo",
    "s3_endpoint": "https://s3.example.jp",
    "s3_secret_key": "a key of the ward's own store",
    "secret_key": "0123456789abcdef0123456789abcdef",
    "receipt_key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
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
    ],
    ids=lambda value: str(value)[:40],
)
def test_production_refuses_a_development_value_and_names_it(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        Settings(**PRODUCTION | change)


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
