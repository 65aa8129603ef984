"""Other people's tools take the published document: a linter, and the makers of clients."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def run(*command: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{CHECKOUT}/.venv/bin:{os.environ['PATH']}"}
    return subprocess.run(
        list(map(str, command)), cwd=CHECKOUT, env=environment, capture_output=True, text=True
    )


def test_a_linter_finds_nothing() -> None:
    linted = run(
        "node_modules/.bin/spectral",
        "lint",
        "--ruleset",
        "mobile_contract/spectral.yaml",
        "--fail-severity=hint",
        "mobile_contract/openapi.json",
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("java"), reason="the generator needs Java: script/clients installs it")
def test_clients_are_generated_for_swift_kotlin_and_dart_but_not_compiled(tmp_path: Path) -> None:
    """Compiling needs Xcode, Gradle and the Dart SDK, which are not here: what is seen is the code alone."""
    made = run("script/clients", tmp_path)
    assert made.returncode == 0, made.stderr
    assert "not compiled" in made.stderr
    for folder, suffix in (("swift", ".swift"), ("kotlin", ".kt"), ("dart", ".dart")):
        code = "\n".join(file.read_text() for file in (tmp_path / folder).rglob(f"*{suffix}"))
        for name in ("sendReport", "announcePhoto", "listChanges"):
            assert name in code, f"{folder}: {name}"
        assert "ERROR" not in (tmp_path / f"{folder}.log").read_text()
