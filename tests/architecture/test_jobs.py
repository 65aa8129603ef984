"""Each job that can be asked for has exactly one handler, and none is left that nobody asks for."""

import ast
from pathlib import Path

from nerirepo.database import jobs
from nerirepo.gateways.mail import Letterbox
from workers.handlers import handlers

CHECKOUT = Path(__file__).resolve().parents[2]


def test_every_job_has_exactly_one_handler() -> None:
    assert set(handlers(Letterbox())) == set(jobs.ALL)
    assert len({job.name for job in jobs.ALL}) == len(jobs.ALL)


def test_all_lists_every_declared_job() -> None:
    declared = {value for value in vars(jobs).values() if isinstance(value, jobs.Job)}
    assert declared == set(jobs.ALL)


def test_every_job_is_asked_for_by_somebody_or_by_the_clock() -> None:
    asked = {
        node.attr
        for folder in ("nerirepo", "workers")
        for path in (CHECKOUT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "jobs"
        and path.name != "handlers.py"
    }
    names = {name: value for name, value in vars(jobs).items() if isinstance(value, jobs.Job)}
    assert not {name for name, job in names.items() if name not in asked and job.cron is None}


def test_sql_over_the_queue_s_tables_stands_in_one_file() -> None:
    naming = {
        path.relative_to(CHECKOUT).as_posix()
        for folder in ("nerirepo", "workers", "operate", "api")
        for path in (CHECKOUT / folder).rglob("*.py")
        if "procrastinate_" in path.read_text() and "migrations" not in path.parts
    }
    assert naming == {"nerirepo/database/jobs.py"}
