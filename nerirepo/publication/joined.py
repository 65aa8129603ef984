"""Which numbers may be told? None below 3, and none that gives one away along a row or a column. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

AT_LEAST = 3
"""One report of its kind in a town might be a neighbour's; two, his and that of the one who asks."""

Cell = tuple[str, ...]
"""Which number: of which row, in which column."""


def joined(counts: Mapping[str, int], *, besides: int = 0) -> tuple[dict[str, int], int]:
    """The parts that may be told alone, and the sum of the others with `besides`.

    Each is 0 or at least `AT_LEAST`: a sum that were itself too small takes the smallest part along, since
    whoever knows the total could subtract. Only where the total is too small the sum is, too.
    """
    alone = {key: count for key, count in counts.items() if count == 0 or count >= AT_LEAST}
    together = besides + sum(counts.values()) - sum(alone.values())
    while 0 < together < AT_LEAST and any(alone.values()):
        smallest = min((key for key in alone if alone[key]), key=lambda key: (alone[key], key))
        together += alone.pop(smallest)
    return alone, together


@dataclass(frozen=True)
class Line:
    """A row, or a column: everybody knows that its parts add up to the whole."""

    whole: Cell
    parts: tuple[Cell, ...]


def untold(numbers: Mapping[Cell, int], lines: Collection[Line]) -> set[Cell]:
    """The cells that are not told: the small ones, and what is taken along so that no line gives one away.

    What is taken along in a row may stand alone in its column, so we go round until nothing changes.
    """
    hidden = {cell for cell, number in numbers.items() if 0 < number < AT_LEAST}
    before = -1
    while before < len(hidden):
        before = len(hidden)
        for line in lines:
            while _gives_away(line, numbers, hidden) and (rest := [p for p in line.parts if p not in hidden]):
                # A nothing only where there is nothing else: that nothing happened is good to know.
                hidden.add(min(rest, key=lambda cell: (numbers[cell] == 0, numbers[cell])))
    return hidden


def _gives_away(line: Line, numbers: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """Whether what is told of a line tells a number that is not, or a sum of them that is too small."""
    parts = [numbers[part] for part in line.parts if part in hidden]
    if line.whole in hidden:
        return not parts
    # Three that make 3 are 1 each, for a nothing is hardly ever hidden.
    return bool(parts) and (len(parts) == 1 or sum(parts) < AT_LEAST or set(parts) == {1})
