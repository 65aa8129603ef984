"""Tags as clients, caches and proxies send them back."""

import pytest

from web.etags import is_held, strong, the_one, weak

HELD = [
    ['"a"'],
    ['W/"a"'],
    ['"b", "a"'],
    ['"b","a"'],
    [' W/"b" ,\tW/"a" '],
    [', "a" ,,'],
    ['"b,c", "a"'],
    ['"b"', '"a"'],
    ["*"],
    [" * "],
]
NOT_HELD = [
    [],
    [""],
    ["a"],
    ['"A"'],
    ['w/"a"'],
    ['W/a"'],
    ['"a'],
    ['a"'],
    ['""'],
    ['"b"'],
    ['"b, a"'],
    ['"x,"a""'],
    ['"b" "a"'],
    ['"a" and more'],
    ['"b", a, "a"'],
    ['*, "b"'],
    ['"*"'],
    ["'a'"],
    ['"a b"', '"a"'],
    ['"a"' + "x" * 10_000],
    ['"b' * 10_000],
]


@pytest.mark.parametrize("lines", HELD)
@pytest.mark.parametrize("etag", ['"a"', 'W/"a"'])
def test_what_a_client_holds_is_known(lines: list[str], etag: str) -> None:
    assert is_held(lines, etag)


@pytest.mark.parametrize("lines", NOT_HELD)
@pytest.mark.parametrize("etag", ['"a"', 'W/"a"'])
def test_what_it_does_not_hold_or_is_no_list_of_tags_is_sent(lines: list[str], etag: str) -> None:
    assert not is_held(lines, etag)


def test_a_comma_in_a_tag_is_of_the_tag() -> None:
    assert is_held(['"x", W/"3,4"'], '"3,4"')
    assert not is_held(['"3,4"'], '"4"')


@pytest.mark.parametrize(
    ("header", "one"),
    [
        ('"3"', "3"),
        ('W/"3"', "3"),
        (' "3" ', "3"),
        ('"3", "4"', None),
        ("*", None),
        ("3", None),
        ('"3', None),
        ("", None),
    ],
)
def test_an_action_stands_on_one_version(header: str, one: str | None) -> None:
    assert the_one(header) == one


def test_tags_of_ours_are_read_again() -> None:
    for made in (strong(b"x"), weak(b"x")):
        assert is_held([made], made)
    assert not is_held([strong(b"x")], strong(b"y"))
