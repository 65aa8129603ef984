"""SQL written by hand goes to the driver (decision 0018); SQLAlchemy's `text` is for what tables declare."""

import ast
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("nerirepo", "web", "api", "workers", "web_public", "web_residents", "web_staff", "operate")
TRANSLATES = CHECKOUT / "nerirepo" / "database" / "sql.py"


def test_nothing_but_tables_uses_text() -> None:
    offenders = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno}"
        for package in PACKAGES
        for path in sorted((CHECKOUT / package).rglob("*.py"))
        if path != TRANSLATES and path.name != "tables.py" and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "sqlalchemy"
        and "text" in {each.name for each in node.names}
    ]
    assert offenders == []
