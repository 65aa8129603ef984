"""Which numbers may be told? None so small that somebody could be recognised in it. Pure."""

from collections.abc import Mapping

AT_LEAST = 3
"""One report of its kind in a town might be a neighbour's; two, his and that of the one who asks."""


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


def told(count: int) -> int | None:
    """The number, or None for one that is too small."""
    return count if count == 0 or count >= AT_LEAST else None
