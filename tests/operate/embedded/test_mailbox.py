import smtplib
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import urlsplit

from operate.embedded import mailbox


def letter(subject: str, to: str = "mirai@example.jp", body: str = "直りました。") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "nerirepo@example.jp", to
    message.set_content(body)
    return message


def kept(folder: Path) -> list[EmailMessage]:
    parser = BytesParser(policy=policy.default)
    return [parser.parsebytes(file.read_bytes()) for file in sorted(folder.glob("*.eml"))]


def connect(url: str) -> smtplib.SMTP:
    server = urlsplit(url)
    return smtplib.SMTP(server.hostname or "", server.port or 0)


def test_letters_are_kept_in_the_order_in_which_they_came(tmp_path):
    with mailbox.running(tmp_path) as url, connect(url) as smtp:
        for number in range(5):
            smtp.send_message(letter(f"受付 {number}"))
    assert [each["Subject"] for each in kept(tmp_path)] == [f"受付 {number}" for number in range(5)]


def test_eight_bit_and_japanese_addresses_arrive_unchanged(tmp_path):
    with mailbox.running(tmp_path) as url, connect(url) as smtp:
        smtp.send_message(letter("直りました", to="みらい@例え.jp", body="。で始まる行\n.点で始まる行\n"))
    (arrived,) = kept(tmp_path)
    assert arrived.get_content().splitlines() == ["。で始まる行", ".点で始まる行"]
    assert "みらい" in str(arrived["Delivered-To"])


def test_a_letter_says_whom_it_was_for_whatever_its_header_claims(tmp_path):
    with mailbox.running(tmp_path) as url, connect(url) as smtp:
        smtp.send_message(letter("件名"), to_addrs=["secret@example.jp"])
    (arrived,) = kept(tmp_path)
    assert arrived["Delivered-To"] == "secret@example.jp"
    assert arrived["To"] == "mirai@example.jp"


def test_only_its_owner_reads_the_letters(tmp_path):
    with mailbox.running(tmp_path) as url, connect(url) as smtp:
        smtp.send_message(letter("件名"))
    (file,) = tmp_path.glob("*.eml")
    assert file.stat().st_mode & 0o077 == 0
