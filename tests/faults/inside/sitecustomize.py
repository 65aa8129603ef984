"""Where may a process of the service under test die, stop, forget a guard or the time? Tests say so.

Python imports this module by itself where its folder stands on PYTHONPATH, which only tests arrange: the
service holds no failpoint of its own. It wraps functions right after their module has been loaded.

A file `$NERIREPO_FAULTS/<process>.<point>` says what happens at that point: `kill`, `stop` (SIGSTOP) or
`raise`. Once; or with `always` before it, each time; with a word after it, only for an id that is that word.
A file `$NERIREPO_FAULTS/<process>.clock` says by how many seconds the process's clock is wrong; where there
is `up.without_pauses`, the supervisor starts what has died at once again.
`$FAULTS_WITHOUT` names guards, divided by commas, that are taken away: see `WITHOUT`.
"""

import contextlib
import contextvars
import datetime
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(os.environ.get("NERIREPO_FAULTS", "/nonexistent"))


def _process() -> str:
    if name := os.environ.get("FAULTS_AS"):
        return name
    words = sys.orig_argv
    return words[words.index("operate") + 1] if "operate" in words[:-1] else "other"


def reached(point: str, *about: object) -> None:
    """Do what the file of this point says."""
    file = FOLDER / f"{_process()}.{point}"
    try:
        words = file.read_text().split()
    except FileNotFoundError:
        return
    always = words[0] == "always"
    what, *whom = words[always:]
    if whom and whom[0] not in map(str, about):
        return
    if not always:
        try:
            file.rename(f"{file}.done")  # for one process only
        except FileNotFoundError:
            return
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    if what == "raise":
        raise RuntimeError(f"poison at {point}")


# --- points -----------------------------------------------------------------------------------------


def _database(db: ModuleType) -> None:
    original = db.transaction

    @contextlib.contextmanager
    def transaction() -> Any:
        with original() as session:
            yield session
            reached("before_commit")
        reached("after_commit")

    db.transaction = transaction


def _sending(send: ModuleType) -> None:
    claim, settle = send._claim, send._settle

    def _claim(delivery_id: Any) -> Any:
        claimed = claim(delivery_id)
        if claimed is not None:
            reached("letter_claimed")
        return claimed

    def _settle(claimed: Any, outcome: Any, said: Any) -> None:
        if outcome == "taken":
            reached("letter_taken")
        settle(claimed, outcome, said)

    send._claim, send._settle = _claim, _settle


def _smtp(smtp: ModuleType) -> None:
    mail, data = smtp.SMTP.mail, smtp.SMTP.data

    async def before(self: Any, *given: Any, **named: Any) -> Any:
        reached("letter_before_smtp")
        return await mail(self, *given, **named)

    async def within(self: Any, *given: Any, **named: Any) -> Any:
        reached("letter_in_smtp")
        return await data(self, *given, **named)

    smtp.SMTP.mail, smtp.SMTP.data = before, within


def _photo(process: ModuleType) -> None:
    render, settle = process.render, process.settle

    def rendered(*given: Any, **named: Any) -> Any:
        outcome = render(*given, **named)
        reached("photo_rendered")
        return outcome

    def settled(*given: Any, **named: Any) -> Any:
        reached("photo_stored")
        return settle(*given, **named)

    process.render, process.settle = rendered, settled


def _publication(publish: ModuleType) -> None:
    original = publish.rewrite

    def rewrite(*given: Any, **named: Any) -> Any:
        reached("publication_copied")
        return original(*given, **named)

    publish.rewrite = rewrite


def _jobs(handlers: ModuleType) -> None:
    """Each job by its name, for the id that it was asked for with."""
    original = handlers.handlers

    def handlers_with_points(letterbox: Any) -> dict[Any, Any]:
        return {job: _pointed(job.name, handler) for job, handler in original(letterbox).items()}

    handlers.handlers = handlers_with_points


ENDING: contextvars.ContextVar[str] = contextvars.ContextVar("ENDING", default="")
"""The job whose end is being written down."""


def _ends(manager: ModuleType) -> None:
    original = manager.JobManager.finish_job

    async def finish_job(self: Any, job: Any, *given: Any, **named: Any) -> None:
        ENDING.set(job.task_name)
        await original(self, job, *given, **named)

    manager.JobManager.finish_job = finish_job


def _ends_committed(psycopg_connector: ModuleType) -> None:
    original = psycopg_connector.PsycopgConnector._get_cursor

    @contextlib.asynccontextmanager
    async def _get_cursor(self: Any, *given: Any, **named: Any) -> Any:
        async with original(self, *given, **named) as cursor:
            yield cursor
            if job := ENDING.get():
                reached(f"{job}_ended")

    psycopg_connector.PsycopgConnector._get_cursor = _get_cursor


def _pointed(name: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(handler)
    def pointed(*given: Any, **ids: Any) -> Any:
        reached(name, *ids.values())
        return handler(*given, **ids)

    @functools.wraps(handler)
    async def pointed_async(*given: Any, **ids: Any) -> Any:
        reached(name, *ids.values())
        return await handler(*given, **ids)

    return pointed_async if inspect.iscoroutinefunction(handler) else pointed


def _supervision(supervisor: ModuleType) -> None:
    original = supervisor.Supervisor._revive

    def _revive(self: Any, part: Any, life: Any) -> None:
        if (FOLDER / "up.without_pauses").exists():
            life.pause = 0.0
        original(self, part, life)

    supervisor.Supervisor._revive = _revive


# --- the machine's clock ----------------------------------------------------------------------------


def _wrong_by() -> float:
    try:
        return float((FOLDER / f"{_process()}.clock").read_text())
    except FileNotFoundError:
        return 0.0


def _clock(module: ModuleType) -> None:
    class Datetime(module.datetime):
        @classmethod
        def now(cls, zone: Any = None) -> Any:
            return datetime.datetime.now(zone) + datetime.timedelta(seconds=_wrong_by())

        @classmethod
        def fromtimestamp(cls, seconds: float, zone: Any = None) -> Any:
            # No moment of this class, like those above: JSON is written from the library's alone.
            return datetime.datetime.fromtimestamp(seconds, zone)

    module.datetime = Datetime


def _seconds(module: ModuleType) -> None:
    wrong = ModuleType("time")
    wrong.__dict__.update(time.__dict__)
    wrong.time = lambda: time.time() + _wrong_by()  # type: ignore[attr-defined]
    module.time = wrong  # type: ignore[attr-defined]


def _dangers(danger_again: ModuleType) -> None:
    # The phones report one danger all the time, and a case waits for every letter: none is joined to another.
    danger_again.WITHIN = datetime.timedelta(0)  # type: ignore[attr-defined]


# --- guards taken away ------------------------------------------------------------------------------


def _without_if_match(actions: ModuleType) -> None:
    actions._expected = lambda if_match: None


def _without_claim(send: ModuleType) -> None:
    """Whoever comes takes the letter, also from somebody who is sending it."""
    from sqlmodel import col, update

    def _claim(delivery_id: Any) -> Any:
        now = send.clock.now()
        with send.transaction() as session:
            return session.execute(
                update(send.Delivery)
                .where(col(send.Delivery.id) == delivery_id, col(send.Delivery.state).in_(send.UNFINISHED))
                .values(state="sending", claimed_at=now, tries=send.Delivery.tries + 1)
                .returning(send.Delivery)
            ).scalar_one_or_none()

    send._claim = _claim


def _without_commit_before_answer(db: ModuleType) -> None:
    from typing import Annotated

    from fastapi import Depends
    from sqlmodel import Session

    db.Transaction = Annotated[Session, Depends(db._transaction)]


def _without_shared_clock(shared_clock: ModuleType) -> None:
    shared_clock.synchronised = contextlib.nullcontext


def _without_hash(storage: ModuleType) -> None:
    def get(bucket: str, key: str, sha256: str) -> bytes:
        with storage.storage_errors():
            return storage.client().get_object(Bucket=bucket, Key=key)["Body"].read()

    storage.get = get


def _without_sweeper(sweep: ModuleType) -> None:
    async def nothing(*_: Any) -> None: ...

    sweep.give_back, sweep.sweep = nothing, lambda: None


Patch = Callable[[ModuleType], None]
POINTS: dict[str, Patch] = {
    "nerirepo.database.db": _database,
    "nerirepo.notifications.danger_again": _dangers,
    "nerirepo.notifications.send": _sending,
    "aiosmtplib.smtp": _smtp,
    "nerirepo.photos.process": _photo,
    "nerirepo.publication.publish": _publication,
    "workers.handlers": _jobs,
    "procrastinate.manager": _ends,
    "procrastinate.psycopg_connector": _ends_committed,
    "operate.supervising.supervisor": _supervision,
    "nerirepo.base.clock": _clock,
    "procrastinate.periodic": _seconds,
    "workers.run": _seconds,
}
WITHOUT: dict[str, tuple[str, Patch]] = {
    "if_match": ("api.staff.actions", _without_if_match),
    "claim": ("nerirepo.notifications.send", _without_claim),
    "commit_before_answer": ("web.db", _without_commit_before_answer),
    "shared_clock": ("nerirepo.database.shared_clock", _without_shared_clock),
    "hash": ("nerirepo.gateways.storage", _without_hash),
    "sweeper": ("workers.sweep", _without_sweeper),
}


class _Patching(importlib.abc.MetaPathFinder):
    """Loads a module as ever, and then applies its patches."""

    def __init__(self, patches: dict[str, list[Patch]]) -> None:
        self._patches = patches

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name not in self._patches:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        assert spec
        assert spec.loader
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            for patch in self._patches[name]:
                patch(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _install() -> None:
    if os.environ.get("NERIREPO_ENVIRONMENT") == "production":
        raise SystemExit("faults are for tests")
    patches = {name: [patch] for name, patch in POINTS.items()}
    for guard in filter(None, os.environ.get("FAULTS_WITHOUT", "").split(",")):
        module, patch = WITHOUT[guard]
        patches.setdefault(module, []).insert(0, patch)
    sys.meta_path.insert(0, _Patching(patches))


if "NERIREPO_FAULTS" in os.environ:
    _install()
