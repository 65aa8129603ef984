"""What does the work cost in seconds of a processor? It hardly changes when other programs run beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Seconds of processors, user and system: of the measured processes, and of PostgreSQL's."""

    ours: float = 0.0
    database: float = 0.0


@contextmanager
def measured(processes: list[int], postmaster: int) -> Iterator[Cost]:
    """Filled in when the block ends. `processes` by their ids, without what they start."""
    cost = Cost(-sum(map(_used, processes)), -_used_by_family(postmaster))
    yield cost
    cost.ours += sum(map(_used, processes))
    cost.database += _used_by_family(postmaster)


def _used_by_family(parent: int) -> float:
    """By a process, by its children that live, and by those that have ended."""
    children = [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return _used(parent, with_ended_children=True) + sum(map(_used, children))


def _used(process: int, *, with_ended_children: bool = False) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if with_ended_children else 13])) / _TICKS
