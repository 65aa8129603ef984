"""What does a kept letter say to a reader: subject, addresses, text, HTML with its pictures in it?"""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from functools import cached_property

JST = timezone(timedelta(hours=9), "JST")


@dataclass(frozen=True)
class Letter:
    """A letter by the name of its file, which begins with the time at which it came."""

    name: str
    raw: bytes

    @cached_property
    def _message(self) -> EmailMessage:
        return BytesParser(policy=policy.default).parsebytes(self.raw)

    @property
    def received_at(self) -> datetime:
        return (
            datetime.strptime(self.name.split("Z")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC).astimezone(JST)
        )

    @property
    def subject(self) -> str:
        return self._header("Subject") or "(件名なし)"

    @property
    def sender(self) -> str:
        return self._header("From")

    @property
    def recipients(self) -> str:
        return ", ".join(map(str, self._message.get_all("Delivered-To", []))) or self._header("To")

    @property
    def text(self) -> str | None:
        return self._body("plain")

    @cached_property
    def html(self) -> str | None:
        """The HTML part; pictures that the letter brings along stand in it as data: URLs."""
        html = self._body("html")
        if html is None:
            return None
        pictures = {
            part["Content-ID"].strip().strip("<>"): _data_url(part)
            for part in self._message.walk()
            if part["Content-ID"] and part.get_content_maintype() == "image"
        }
        return re.sub(r"cid:([^\"'\s)>]+)", lambda cid: pictures.get(cid[1], cid[0]), html)

    @property
    def attachments(self) -> list[str]:
        """Names of the files, without the pictures that stand in the HTML part."""
        files = (part for part in self._message.iter_attachments() if not part["Content-ID"])
        return [part.get_filename("?") for part in files]

    def _header(self, name: str) -> str:
        return str(self._message.get(name, ""))

    def _body(self, subtype: str) -> str | None:
        part = self._message.get_body((subtype,))
        if part is None:
            return None
        try:
            return _bytes(part).decode(part.get_content_charset("utf-8"), errors="replace")
        except LookupError:  # a charset nobody knows
            return _bytes(part).decode(errors="replace")


def _data_url(part: Message) -> str:
    return f"data:{part.get_content_type()};base64,{b64encode(_bytes(part)).decode()}"


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
