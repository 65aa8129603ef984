"""Which addresses lead to one mailbox, so that nobody fills it by spelling it anew."""

import pytest

from nerirepo.reporters.mailbox import mailbox


@pytest.mark.parametrize(
    ("spellings", "box"),
    [
        (("hanako@example.jp", "hanako+1@example.jp", "hanako+a+b@example.jp"), "hanako@example.jp"),
        (
            ("hanakoneri@gmail.com", "hanako.neri@gmail.com", "h.a.nakoneri+x.y@googlemail.com"),
            "hanakoneri@gmail.com",
        ),
        (("hanako@icloud.com", "hanako+9@me.com", "hanako@mac.com"), "hanako@icloud.com"),
        (("ha-na.ko@proton.me", "hanako+x@protonmail.com", "ha_nako@pm.me"), "hanako@proton.me"),
        (("shop@hanako.fastmail.com", "hanako+shop@fastmail.com"), "hanako@fastmail.com"),
        (("hanako+1@outlook.jp",), "hanako@outlook.jp"),
    ],
)
def test_spellings_of_one_mailbox(spellings: tuple[str, ...], box: str) -> None:
    assert {mailbox(each) for each in spellings} == {box}


@pytest.mark.parametrize(
    "apart",
    [
        ("ha.nako@example.jp", "hanako@example.jp"),
        ("ha.nako@docomo.ne.jp", "hanako@docomo.ne.jp"),
        ("hanako@outlook.jp", "hanako@outlook.com"),
        ("+1@example.jp", "+2@example.jp"),
    ],
)
def test_names_that_differ_elsewhere_are_two_people(apart: tuple[str, str]) -> None:
    assert mailbox(apart[0]) != mailbox(apart[1])
