"""A file is one concept, and a function one thought: neither grows for years without anybody noticing."""

import ast
import math
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
"""Lines."""
MOST_FILES = 150
"""Nine of ten are no longer."""
LONGEST_FUNCTION = 60


def sources() -> list[Path]:
    """Python and TypeScript that is read and changed: no tests, nothing generated, no migration."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "*.py", "*.ts"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [
        Path(name)
        for name in tracked
        if name and not name.startswith("tests/") and "migrations/versions/" not in name
    ]


LINES = {path: len((CHECKOUT / path).read_text().splitlines()) for path in sources()}


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    assert [str(path) for path, lines in LINES.items() if lines > LONGEST_FILE] == []


def test_nine_files_of_ten_are_short() -> None:
    ascending = sorted(LINES.values())
    assert ascending[math.ceil(0.9 * len(ascending)) - 1] <= MOST_FILES


def test_no_function_is_longer_than_a_screen() -> None:
    found = [
        f"{path}: {node.name}"
        for path in LINES
        if path.suffix == ".py"
        for node in ast.walk(ast.parse((CHECKOUT / path).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert found == []
