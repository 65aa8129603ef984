"""The layers of the house, as import-linter contracts in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_happens_later_knows_what_happens_first_and_never_the_reverse() -> None:
    program = str(Path(sys.executable).with_name("lint-imports"))
    assert "Contracts:" in run(program, "--no-cache", "--config", "pyproject.toml")


def test_the_code_is_in_the_house_style() -> None:
    ruff = str(Path(sys.executable).with_name("ruff"))
    run(ruff, "check", "--no-cache", ".")
    run(ruff, "format", "--no-cache", "--check", ".")


def test_the_types_hold() -> None:
    pyright = str(Path(sys.executable).with_name("pyright"))
    assert "0 errors" in run(pyright)
