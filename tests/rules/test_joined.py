from hypothesis import given
from hypothesis import strategies as st

from nerirepo.publication.joined import AT_LEAST, joined, told


def test_what_is_too_small_is_told_together() -> None:
    assert joined({"lamp": 7, "pothole": 2, "tree": 1}) == ({"lamp": 7}, 3)


def test_a_sum_that_is_too_small_takes_the_smallest_along() -> None:
    assert joined({"lamp": 7, "mirror": 4, "tree": 1}) == ({"lamp": 7}, 5)


def test_nothing_is_told_as_nothing() -> None:
    assert joined({"lamp": 7, "tree": 0}) == ({"lamp": 7, "tree": 0}, 0)
    assert told(0) == 0
    assert told(2) is None


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 9)), st.integers(0, 4))
def test_nobody_can_find_a_small_number_by_subtracting(counts: dict[str, int], besides: int) -> None:
    alone, together = joined(counts, besides=besides)
    assert sum(alone.values()) + together == sum(counts.values()) + besides
    assert all(count == 0 or count >= AT_LEAST for count in alone.values())
    if sum(counts.values()) + besides >= AT_LEAST:
        assert together == 0 or together >= AT_LEAST
