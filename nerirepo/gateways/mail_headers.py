"""Words and addresses in the header of a letter, by RFC 2047 and 5322.

An encoded word has at most 75 characters and holds whole ones; a line has at most 76 where it can be folded.
The library encodes a name in one word, however long, which strict readers show as gibberish.
"""

from email.header import Header
from email.utils import formataddr
from typing import Any

from nerirepo.words.address import on_the_wire

LONGEST_LINE = 76


def words(text: str, header: str) -> Any:
    """Of a subject, on one line however it was written."""
    text = " ".join(text.split())
    return Header(text, _charset(text), header_name=header, maxlinelen=LONGEST_LINE)


def mailbox(name: str, address: str, header: str) -> Any:
    """`name <address>`, or the address alone. Raises ValueError for what would break the header."""
    wired = on_the_wire(address)
    if not wired.isascii() or not wired.isprintable() or " " in wired or "<" in wired or ">" in wired:
        raise ValueError("not an address")
    name = " ".join(name.split())
    if not name:
        return wired
    if _charset(name) == "us-ascii":
        return formataddr((name, wired))
    written = Header(name, "utf-8", header_name=header, maxlinelen=LONGEST_LINE)
    written.append(f"<{wired}>", "us-ascii")
    return written


def _charset(text: str) -> str:
    """What looks like an encoded word and was none must be encoded, too."""
    return "us-ascii" if text.isascii() and text.isprintable() and "=?" not in text else "utf-8"
