"""Only `nerirepo/database/db.py` commits: a use-case that did would split what belongs together."""

import ast
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("nerirepo", "web", "api", "workers", "web_public", "web_residents", "web_staff", "operate")
MAY_COMMIT = {"nerirepo/database/db.py", "nerirepo/migrations/env.py"}


def test_nothing_but_db_commits() -> None:
    offenders = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno}"
        for package in PACKAGES
        for path in sorted((CHECKOUT / package).rglob("*.py"))
        if str(path.relative_to(CHECKOUT)) not in MAY_COMMIT
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert offenders == []
