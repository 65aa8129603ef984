"""Stories of handing letters to a mail server, on a real connection."""

import asyncio
import socket
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from nerirepo.gateways import mail
from nerirepo.gateways.letter import Letter, Picture
from nerirepo.gateways.mail import Letterbox, Permanent, RecipientNotAllowed, Temporary
from operate.supervising.process import free_port
from tests.factories import life
from tests.support.mail_server import mailing_to, moody, run


def a_letter(**changes: Any) -> Letter:
    values: dict[str, Any] = {
        "id": uuid4(),
        "to": "hanako@example.jp",
        "subject": "街路灯がなおりました。とても長い件名でも、正しく折り返して、正しく読めるようにします",
        "text": "なおりました & よかった\n.\n点だけの行も届きます\n",
        "html": "<p>なおりました &amp; よかった</p>",
        "language": "ja",
        "sender_name": "練馬区 ねりまちレポーター",
        "sender_address": "nerirepo@ward.example.jp",
    }
    return Letter(**values | changes)


def post(*letters: Letter) -> None:
    async def go() -> None:
        async with Letterbox() as letterbox:
            for letter in letters:
                await letterbox.post(letter)

    run(go())


def test_japanese_arrives_as_it_was_written(mailbox: Path) -> None:
    letter = a_letter(
        reply_to="desk@ward.example.jp", unsubscribe_url="https://x.example.jp/l/unsubscribe/abc"
    )
    post(letter)
    (arrived,) = life.letters(mailbox)
    assert not any(part.defects for part in arrived.walk())  # type: ignore[attr-defined]
    assert arrived["Subject"] == letter.subject
    assert arrived["From"].addresses[0].display_name == "練馬区 ねりまちレポーター"
    assert str(arrived["To"]) == "hanako@example.jp"
    assert str(arrived["Reply-To"]) == "desk@ward.example.jp"
    assert arrived["List-Unsubscribe"].strip() == "<https://x.example.jp/l/unsubscribe/abc>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert life.body(arrived).replace("\r\n", "\n") == letter.text
    assert life.body(arrived, "html").strip() == letter.html
    for once in ("Message-ID", "Date", "From", "To", "Subject", "MIME-Version"):
        assert len(arrived.get_all(once, [])) == 1, once


def test_the_message_id_follows_from_the_delivery_alone(mailbox: Path) -> None:
    letter_id = UUID("018f2f6e-0000-7000-8000-000000000001")
    post(a_letter(id=letter_id), a_letter(id=letter_id, text="once more"))
    assert {letter["Message-ID"] for letter in life.letters(mailbox)} == {f"<{letter_id}@localhost>"}


def test_a_picture_stands_inside_the_letter(mailbox: Path) -> None:
    post(a_letter(html='<img src="cid:after1">', pictures=(Picture("after1", b"\xff\xd8jpeg"),)))
    (arrived,) = life.letters(mailbox)
    (picture,) = [part for part in arrived.walk() if part.get_content_maintype() == "image"]
    assert picture["Content-ID"] == "<after1>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_payload(decode=True) == b"\xff\xd8jpeg"


def test_a_subject_cannot_smuggle_in_a_header(mailbox: Path) -> None:
    post(a_letter(subject="なおりました\r\nBcc: eve@example.jp"))
    (arrived,) = life.letters(mailbox)
    assert arrived["Bcc"] is None
    assert arrived["Subject"] == "なおりました Bcc: eve@example.jp"


def test_many_letters_go_over_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    with moody(monkeypatch) as server:
        post(*[a_letter() for _ in range(5)])
    assert len(server.letters) == 5
    assert len(server.connections) == 1


def test_an_idle_connection_is_closed_and_the_next_letter_opens_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "SECONDS_IDLE", 0.05)

    async def go() -> None:
        async with Letterbox() as letterbox:
            await letterbox.post(a_letter())
            async with asyncio.timeout(10):
                while letterbox.is_open:
                    await asyncio.sleep(0.01)
            await letterbox.post(a_letter())

    with moody(monkeypatch) as server:
        run(go())
    assert len(server.connections) == 2


def test_a_connection_that_died_while_it_was_kept_costs_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "SECONDS_TRUSTED", 0)

    async def go() -> None:
        async with Letterbox() as letterbox:
            await letterbox.post(a_letter())
            assert letterbox._server
            assert letterbox._server.transport
            letterbox._server.transport.close()
            await letterbox.post(a_letter())

    with moody(monkeypatch) as server:
        run(go())
    assert len(server.letters) == 2


@pytest.mark.parametrize(
    ("to_recipient", "to_letter", "meaning"),
    [
        ("451 greylisted", None, Temporary),
        ("450 mailbox busy", None, Temporary),
        ("421 too many connections", None, Temporary),
        (None, "452 disk full", Temporary),
        ("550 no such user", None, Permanent),
        ("553 bad address", None, Permanent),
        (None, "554 looks like spam", Permanent),
    ],
)
def test_what_a_refusal_means(
    to_recipient: str | None, to_letter: str | None, meaning: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    with moody(monkeypatch) as server:
        server.to_recipient = [to_recipient] if to_recipient else []
        server.to_letter = [to_letter] if to_letter else []
        with pytest.raises(meaning, match=(to_recipient or to_letter or "")[:3]):
            post(a_letter())
        post(a_letter())
    assert len(server.letters) == 1


def test_a_server_that_is_away_is_a_temporary_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with mailing_to(monkeypatch, f"smtp://127.0.0.1:{free_port()}"), pytest.raises(Temporary):
        post(a_letter())


def test_a_server_that_says_nothing_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "SECONDS_FOR_A_LETTER", 0.2)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with mailing_to(monkeypatch, url), pytest.raises(Temporary):
            post(a_letter())


def test_a_trial_with_a_real_server_writes_only_to_those_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        moody(monkeypatch) as server,
        mailing_to(
            monkeypatch,
            mail.settings().smtp_url,
            smtp_is_sink="false",
            mail_recipients_allowed="Tester@example.jp, other@example.jp",
        ),
    ):
        post(a_letter(to="tester@example.jp"))
        with pytest.raises(RecipientNotAllowed):
            post(a_letter())
    assert len(server.letters) == 1
