import re
import subprocess
from pathlib import Path

import pytest

from nerirepo.base.settings import Settings
from operate.account import CHECKOUT
from operate.commands.settings_table import NEEDED_IN_PRODUCTION, table, unknown
from tests.nerirepo.base.test_settings import PRODUCTION

NOT_OF_SETTINGS = {"NERIREPO_TEST_DATA", "NERIREPO_FAULTS"}
"""Of the tests alone."""


def test_the_page_of_settings_is_what_the_program_says() -> None:
    assert (CHECKOUT / "docs" / "settings.md").read_text() == table(), "nerirepo settings > docs/settings.md"


def test_each_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_no_variable_is_read_or_documented_beside_the_settings() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    known = {f"NERIREPO_{name.upper()}" for name in Settings.model_fields} | NOT_OF_SETTINGS
    found = {}
    for name in tracked:
        path = Path(name)
        if path.parts and path.parts[0] != "tests" and path.suffix in (".py", ".md", ".yml", ".sh", ""):
            for variable in re.findall(r"\bNERIREPO_[A-Z0-9_]*[A-Z0-9]\b", (CHECKOUT / path).read_text()):
                if variable not in known:
                    found[variable] = name
    assert found == {}


def test_what_production_needs_is_what_it_refuses_to_be_without(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("NERIREPO_")]:
        monkeypatch.delenv(name)
    refused = set()
    for name in Settings.model_fields:
        given = {each: value for each, value in PRODUCTION.items() if each != name}
        try:
            Settings(**given)
        except ValueError:
            refused.add(name)
    assert refused == NEEDED_IN_PRODUCTION - {"environment"}  # without it, it is no production


def test_a_misspelled_variable_is_named_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unknown() == []
    monkeypatch.setenv("NERIREPO_SMTP_ULR", "smtp://mail.example.jp")
    assert unknown() == ["NERIREPO_SMTP_ULR (is NERIREPO_SMTP_URL meant?)"]
