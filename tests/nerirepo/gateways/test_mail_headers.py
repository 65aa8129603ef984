"""What stands in a letter's header is read by the strictest reader as it was written."""

import asyncio
import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.gateways.letter import Letter, Picture, on_the_wire
from tests.factories import life
from tests.nerirepo.gateways.test_mail import a_letter, post

ENCODED = re.compile(rb"=\?([^?\s]+)\?([bBqQ])\?([^?\s]*)\?=")
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=120) | st.text(
    st.sampled_from('街路灯がなおりました😀👩‍🔧葛 =?utf-8?b?,;<>@"\\ abc'), max_size=120
)


def written(**changes: Any) -> tuple[Letter, bytes]:
    letter = a_letter(**changes)
    return letter, asyncio.run(on_the_wire(letter))


def header_of(wire: bytes) -> bytes:
    return wire.partition(b"\r\n\r\n")[0]


def parsed(wire: bytes) -> EmailMessage:
    message = message_from_bytes(wire, policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.usefixtures("database")
@given(subject=WORDS, sender=WORDS)
def test_every_encoded_word_is_short_and_holds_whole_characters(subject: str, sender: str) -> None:
    letter, wire = written(
        subject=subject,
        sender_name=sender,
        reply_to="desk@ward.example.jp",
        pictures=(Picture("after1", b"x"),),
    )
    for line in header_of(wire).split(b"\r\n"):
        assert len(line) <= 78, line
        assert line.isascii()
    for word in ENCODED.finditer(wire):
        assert len(word[0]) <= 75
        str(make_header(decode_header(word[0].decode())))  # half a character would raise
    arrived = parsed(wire)
    for name in ("Subject", "From", "To", "Reply-To"):
        assert len(arrived.get_all(name, [])) == 1
        assert not arrived[name].defects, (name, arrived[name].defects)
    assert arrived["Subject"] == " ".join(letter.subject.split())
    (who,) = arrived["From"].addresses
    # Python's own parser of names puts a blank between two encoded words.
    name, _ = parseaddr("".join(message_from_bytes(wire)["From"].splitlines()))
    assert str(make_header(decode_header(name))) == " ".join(letter.sender_name.split())
    assert who.addr_spec == letter.sender_address


@pytest.mark.usefixtures("database")
def test_no_holiday_reply_comes_back() -> None:
    arrived = parsed(written()[1])
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["X-Auto-Response-Suppress"] == "All"


def test_an_address_with_odd_dots_is_quoted_on_its_way(mailbox: Path) -> None:
    post(*(a_letter(id=uuid4(), to=each) for each in ("taro..x@docomo.ne.jp", ".taro@ezweb.ne.jp")))
    arrived = life.letters(mailbox)
    assert not any(each["To"].defects for each in arrived)
    assert sorted(each["To"].addresses[0].username for each in arrived) == [".taro", "taro..x"]
    wires = [each.read_bytes() for each in mailbox.glob("*.eml")]
    assert any(b'\nTo: "taro..x"@docomo.ne.jp\r\n' in each for each in wires)
    assert any(b'\nTo: ".taro"@ezweb.ne.jp\r\n' in each for each in wires)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("to", ["a@b.jp\r\nBcc: c@d.jp", "a@b.jp, c@d.jp\n", "<a@b.jp> <c@d.jp>", "é@b.jp"])
def test_an_address_that_would_break_a_header_is_not_written(to: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        written(to=to)
