import re
import tomllib
from pathlib import Path

import pytest

from operate.account import CHECKOUT


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "package-lock.json", ".npmrc"])
def test_no_lock_names_a_host(lock):
    lines = (CHECKOUT / lock).read_text().splitlines()
    # Where a package's authors take donations is not where it was fetched from.
    fetched = [line for line in lines if not re.match(r'\s*"(url|funding|homepage)": "', line)]
    assert not re.search(r"https?://|registry\s*=|index-url", "\n".join(fetched))


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_python_package_is_pinned_with_hashes(lock):
    entries = re.split(r"\n(?=\S)", (CHECKOUT / lock).read_text().strip())
    assert entries
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_running_the_service_brings_nothing_that_only_tests_need():
    names = set(re.findall(r"^([a-z0-9-]+)==", Path(CHECKOUT / "requirements.txt").read_text(), re.MULTILINE))
    assert not names & {"pytest", "playwright", "ruff", "pyright", "hypothesis"}


def test_the_locks_hold_everything_that_the_project_asks_for():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[\[<>=~! ]", each)[0].lower().replace("_", "-") for each in asked}
    locked = set(re.findall(r"^([a-z0-9-]+)", (CHECKOUT / "requirements-dev.txt").read_text(), re.MULTILINE))
    assert names <= locked, "run script/lock"
