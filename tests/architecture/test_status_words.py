"""A status is named by its member or its group in SQL, too: a grep for either finds every use."""

import ast
import re
from pathlib import Path

import psycopg
import pytest

from nerirepo.reports.status import OPEN, REPAIRED, Status, Visibility
from operate.embedded import postgres

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("nerirepo", "web", "api", "workers", "web_public", "web_residents", "web_staff", "operate")
QUOTED = re.compile(f"'({'|'.join(Status)})'")


def test_no_statement_spells_a_status() -> None:
    offenders = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno}"
        for package in PACKAGES
        for path in sorted((CHECKOUT / package).rglob("*.py"))
        # What is in the database stands in words: it must not change with the program.
        if path.name != "tables.py" and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and QUOTED.search(node.value)
    ]
    assert offenders == []


@pytest.mark.parametrize(
    ("index", "group"),
    [("report_open", OPEN), ("published_report_usual", REPAIRED)],
    ids=["open", "repaired"],
)
def test_an_index_holds_the_group_that_is_asked_for(
    database: Path, index: str, group: frozenset[Status]
) -> None:
    definition = _one(database, "SELECT indexdef FROM pg_indexes WHERE indexname = %s", index)
    assert set(QUOTED.findall(definition)) == group


@pytest.mark.parametrize(("check", "values"), [("status_known", Status), ("visibility_known", Visibility)])
def test_the_database_knows_what_the_program_knows(
    database: Path, check: str, values: type[Status | Visibility]
) -> None:
    definition = _one(
        database,
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'public.report'::regclass AND conname LIKE '%%' || %s",
        check,
    )
    assert set(re.findall(r"'(\w+)'", definition)) == set(values)


def _one(database: Path, statement: str, name: str) -> str:
    with psycopg.connect(postgres.url(database / "postgres")) as connection:
        found = connection.execute(statement, (name,)).fetchone()
    assert found
    return str(found[0])
