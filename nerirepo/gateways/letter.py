"""What does one letter look like on the wire? Built by fastapi-mail, and then put right.

fastapi-mail 1.6 marks its containers as base64, which they are not, and makes up a Message-ID of its own.
"""

import io
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32
from urllib.parse import urlsplit
from uuid import UUID

from fastapi_mail import ConnectionConfig, FastMail, MessageSchema, MessageType, MultipartSubtypeEnum
from pydantic import NameEmail, SecretStr
from starlette.datastructures import UploadFile

from nerirepo.base.settings import settings
from nerirepo.gateways import mail_headers

ON_THE_WIRE = compat32.clone(linesep="\r\n", max_line_length=mail_headers.LONGEST_LINE)


@dataclass(frozen=True)
class Picture:
    """A JPEG shown inside the letter, where its HTML says `cid:` and the name."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """`id` is the delivery's. Sent again after a crash, the letter is recognised by it."""

    id: UUID
    to: str
    subject: str
    text: str
    html: str
    language: str
    sender_name: str
    sender_address: str
    reply_to: str | None = None
    unsubscribe_url: str | None = None
    pictures: tuple[Picture, ...] = ()

    @property
    def message_id(self) -> str:
        return f"<{self.id}@{urlsplit(settings().base_url).hostname}>"


async def on_the_wire(letter: Letter) -> bytes:
    """The message as the mail server gets it: 7-bit, CRLF."""
    message = await FastMail(_sender(letter)).get_message(_schema(letter))
    assert isinstance(message, Message)
    for part in message.walk():
        if part.is_multipart():
            del part["Content-Transfer-Encoding"]
            del part["MIME-Version"]
    message["MIME-Version"] = "1.0"
    message.set_param("type", "multipart/alternative")  # what the outermost part is about: RFC 2387
    del message["Message-ID"]
    message["Message-ID"] = letter.message_id
    _write_who_and_what(message, letter)
    return message.as_bytes(policy=ON_THE_WIRE)


def _write_who_and_what(message: Message, letter: Letter) -> None:
    """Anew: fastapi-mail writes a long name as one encoded word, and does not quote odd dots."""
    for name in ("From", "To", "Reply-To", "Subject"):
        del message[name]
    message["From"] = mail_headers.mailbox(letter.sender_name, letter.sender_address, "From")
    message["To"] = mail_headers.mailbox("", letter.to, "To")
    if letter.reply_to:
        message["Reply-To"] = mail_headers.mailbox("", letter.reply_to, "Reply-To")
    message["Subject"] = mail_headers.words(letter.subject, "Subject")


def _sender(letter: Letter) -> ConnectionConfig:
    # fastapi-mail only builds: the connection that is kept open is our own, so the server is not named here.
    return ConnectionConfig(
        MAIL_FROM=letter.sender_address,
        MAIL_FROM_NAME=letter.sender_name,
        MAIL_SERVER="",
        MAIL_PORT=0,
        MAIL_USERNAME="",
        MAIL_PASSWORD=SecretStr(""),
        MAIL_STARTTLS=False,
        MAIL_SSL_TLS=False,
    )


def _schema(letter: Letter) -> MessageSchema:
    headers = {
        # Deleted again above. Without it, one is made up from our host's name, which may ask DNS and wait.
        "message-id": letter.message_id,
        # No holiday reply and no bounce of a bounce: RFC 3834.
        "Auto-Submitted": "auto-generated",
        # Exchange heeds only this one. No `Precedence: bulk`: some servers put such letters off, also codes.
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
    }
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return MessageSchema(
        # Already checked when the person signed in: given as objects, they are taken as they are.
        recipients=[NameEmail(name=letter.to, email=letter.to)],
        reply_to=[NameEmail(name=letter.reply_to, email=letter.reply_to)] if letter.reply_to else [],
        subject="",  # written anew above, as are names and addresses
        # Plain first: a reader shows the last alternative that it understands.
        subtype=MessageType.plain,
        multipart_subtype=MultipartSubtypeEnum.alternative,
        body=letter.text,
        alternative_body=letter.html,
        attachments=[_inline(picture) for picture in letter.pictures],
        headers=headers,
    )


def _inline(picture: Picture) -> dict[str, object]:
    return {
        "file": UploadFile(io.BytesIO(picture.content), filename=f"{picture.name}.jpg"),
        "mime_type": "image",
        "mime_subtype": "jpeg",
        "headers": {
            "Content-ID": f"<{picture.name}>",
            "Content-Disposition": f'inline; filename="{picture.name}.jpg"',
        },
    }
