from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.publication.joined import AT_LEAST, Line, joined, untold
from nerirepo.publication.tallies import OF_THOSE, OUTCOMES, tell
from nerirepo.publication.which import PROPERTIES

COLUMNS = ("received", *OUTCOMES, *OF_THOSE)


def test_what_is_too_small_is_told_together() -> None:
    assert joined({"lamp": 7, "pothole": 2, "tree": 1}) == ({"lamp": 7}, 3)


def test_a_sum_that_is_too_small_takes_the_smallest_along() -> None:
    assert joined({"lamp": 7, "mirror": 4, "tree": 1}) == ({"lamp": 7}, 5)


def test_nothing_is_told_as_nothing() -> None:
    assert joined({"lamp": 7, "tree": 0}) == ({"lamp": 7, "tree": 0}, 0)


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 9)), st.integers(0, 4))
def test_nobody_can_find_a_small_number_by_subtracting(counts: dict[str, int], besides: int) -> None:
    alone, together = joined(counts, besides=besides)
    assert sum(alone.values()) + together == sum(counts.values()) + besides
    assert all(count == 0 or count >= AT_LEAST for count in alone.values())
    if sum(counts.values()) + besides >= AT_LEAST:
        assert together == 0 or together >= AT_LEAST


def table(*rows: str) -> list[list[int]]:
    return [[int(number) for number in row.split()] for row in rows]


def told(rows: list[list[int]]) -> list[str]:
    """Rows of columns, with `.` for what is not told. Their sums, to the right and below, always are."""
    numbers = {(f"{y}", f"{x}"): number for y, row in enumerate(rows) for x, number in enumerate(row)}
    numbers |= {(f"{y}", "all"): sum(row) for y, row in enumerate(rows)}
    numbers |= {("all", f"{x}"): sum(column) for x, column in enumerate(zip(*rows, strict=True))}
    down, across = (list(map(str, range(len(each)))) for each in (rows, rows[0]))
    lines = [Line((y, "all"), tuple((y, x) for x in across)) for y in down]
    lines += [Line(("all", x), tuple((y, x) for y in down)) for x in across]
    hidden = untold(numbers, lines)
    return [" ".join("." if (y, x) in hidden else str(numbers[y, x]) for x in across) for y in down]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (table("5 4", "3 0"), ["5 4", "3 0"]),
        # A 1 takes the smallest of its row along, and each of the two the smallest of its column.
        (table("1 3 0", "5 4 0", "6 7 0"), [". . 0", ". . 0", "6 7 0"]),
        # Who knows that a hidden number is no nothing knows that three of them that make 3 are 1 each.
        (table("1 1 1 5", "4 4 4 4", "4 4 4 4"), [". . . .", ". . . .", "4 4 4 4"]),
        # Where there is nothing but the small ones, even a nothing is not told.
        (table("1 1 1 0", "4 4 4 4", "4 4 4 4"), [". . . .", ". . . .", "4 4 4 4"]),
    ],
)
def test_no_sum_gives_a_number_away(rows: list[list[int]], expected: list[str]) -> None:
    assert told(rows) == expected


def test_where_the_sum_is_not_told_one_of_its_parts_is_not_either() -> None:
    numbers = {("all",): 4, ("north",): 4, ("south",): 0, ("other",): 2, ("received",): 6}
    lines = [Line(("received",), (("other",), ("all",))), Line(("all",), (("north",), ("south",)))]
    assert untold(numbers, lines) == {("other",), ("all",), ("north",)}


FATES = (
    {"open": 1},
    {"open": 1, "silent": 1},
    {"open": 1, "reopened": 1},
    {"resolved": 1},
    {"resolved": 1, "confirmed": 1},
    {"handed_over": 1},
    {"declined": 1},
    {"otherwise": 1},
)
REPORTS = st.lists(
    st.tuples(
        st.integers(1, 4), st.sampled_from(FATES), *[st.sampled_from("abc")] * 3, st.sampled_from("abcd ")
    ),
    max_size=25,
)
"""Each some times, with its fate, month, kind, office and town; a blank is no town."""


def counted(reports: list[tuple]) -> dict[str, dict[str, dict]]:
    every: dict[str, dict[str, dict]] = defaultdict(dict)
    for times, fate, *keys in reports:
        for by, key in zip(("all", *PROPERTIES), ("all", *keys), strict=True):
            row = every[by].setdefault(key.strip(), {"fixed_days": [1, 2], **dict.fromkeys(COLUMNS, 0)})
            for column in COLUMNS:
                row[column] += times * (column == "received" or fate.get(column, 0))
    return every


@given(REPORTS)
def test_from_all_that_is_told_no_row_and_no_column_gives_a_small_number_away(reports: list[tuple]) -> None:
    rows = tell(counted(reports), defaultdict(dict))
    everything = next((row for row in rows if row["by"] == "all"), None)
    lines = [(row["received"], [row[outcome] for outcome in OUTCOMES]) for row in rows]
    for column in COLUMNS[1:] if everything else ():
        for by in PROPERTIES:
            parts = [row[column] for row in rows if row["by"] == by]
            if everything[column] is None:
                assert None in parts
            else:
                lines.append((everything[column], parts))
    for whole, parts in lines:
        assert parts.count(None) != 1
        assert whole - sum(part for part in parts if part) not in (1, 2)
    for row in rows:
        assert not {1, 2} & {row[column] for column in (*COLUMNS, "joined")}
        assert row["joined"] == row["received"] - sum(row[outcome] or 0 for outcome in OUTCOMES)
        for part, whole in OF_THOSE.items():
            assert None in (row[whole], row[part]) or row[whole] - row[part] not in (1, 2)
        if row["resolved"] is None:
            assert (row["half_fixed_days"], row["most_fixed_days"]) == (None, None)


@given(REPORTS)
def test_what_is_told_is_true_and_every_report_is_in_it(reports: list[tuple]) -> None:
    every = counted(reports)
    rows = tell(every, defaultdict(dict))
    for by in ("all", *PROPERTIES) if rows else ():
        told = {row["key"]: row for row in rows if row["by"] == by}
        for column in COLUMNS:
            whole = sum(row[column] for row in every[by].values())
            for key in told.keys() - {""}:
                assert told[key][column] in (None, every[by][key][column])
            if "" in told:
                others = sum(row[column] for key, row in every[by].items() if not key or key not in told)
                assert told[""][column] in (None, others)
            assert sum(row[column] or 0 for row in told.values()) <= whole
        assert sum(row["received"] for row in told.values()) == sum(times for times, *_ in reports)


@given(REPORTS)
def test_where_no_number_is_small_all_are_told(reports: list[tuple]) -> None:
    thrice = [(3 * times, *rest) for times, *rest in reports]
    for row in tell(counted(thrice), defaultdict(dict)):
        assert None not in row.values()
