"""What does the work cost in seconds of a processor? It hardly changes when other programs run beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Seconds of processors, user and system: of the measured processes, of children of theirs that have
    ended meanwhile, and of PostgreSQL's."""

    ours: float = 0.0
    children: float = 0.0
    database: float = 0.0


@contextmanager
def measured(processes: list[int], postmaster: int) -> Iterator[Cost]:
    """Filled in when the block ends. `processes` by their ids."""
    before = [_used(each) for each in processes], _used_by_family(postmaster)
    cost = Cost()
    yield cost
    after = [_used(each) for each in processes]
    cost.ours = sum(now.own - then.own for now, then in zip(after, before[0], strict=True))
    cost.children = sum(now.children - then.children for now, then in zip(after, before[0], strict=True))
    cost.database = _used_by_family(postmaster) - before[1]


@dataclass(frozen=True)
class _Used:
    """Seconds: by the process itself, and by its children that have ended."""

    own: float
    children: float


def _used_by_family(parent: int) -> float:
    children = [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    used = _used(parent)
    return used.own + used.children + sum(_used(each).own for each in children)


def _used(process: int) -> _Used:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own, children = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
    return _Used(own / _TICKS, children / _TICKS)
