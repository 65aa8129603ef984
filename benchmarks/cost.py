"""What does the work cost in seconds of a processor? It hardly changes when other programs run beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    """Of a child that ends while we look, its parent tells next time."""
    children = [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    used = _used(parent)
    total = used.own + used.children
    for each in children:
        with suppress(FileNotFoundError, ProcessLookupError):
            total += _used(each).own
    return total


def _used(process: int) -> _Used:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own, children = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
    return _Used(own / _TICKS, children / _TICKS)
