"""Every language of the project passes its linter: `script/lint` knows which there are."""

import subprocess

import pytest

from operate.account import CHECKOUT

LINT = str(CHECKOUT / "script" / "lint")
NAMES = subprocess.run([LINT, "--list"], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("name", NAMES)
def test_it_is_clean(name: str) -> None:
    done = subprocess.run([LINT, name], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
