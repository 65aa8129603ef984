"""The service's limits in tests: those of a test's own, and those that are shipped."""

import pytest

from nerirepo.base.settings import Settings, settings
from nerirepo.photos import announce
from nerirepo.reports import submit

LIMITS = (
    "reports_per_hour",
    "reports_per_hour_of_new",
    "reports_per_day_of_new",
    "photo_mb_per_day",
    "photo_mb_per_day_unregistered",
)


def limited(monkeypatch: pytest.MonkeyPatch, **limits: int) -> None:
    """Let these hold instead of what tests/conftest.py sets."""
    changed = settings().model_copy(update=limits)
    for module in (submit, announce):
        monkeypatch.setattr(module, "settings", lambda: changed)


def as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the figures of nerirepo/base/settings.py hold."""
    limited(monkeypatch, **{name: Settings.model_fields[name].default for name in LIMITS})
