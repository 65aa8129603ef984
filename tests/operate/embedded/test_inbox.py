from email.message import EmailMessage
from pathlib import Path

from starlette.testclient import TestClient

from operate.embedded import mailbox
from operate.embedded.inbox import create_app


def result_letter() -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        "直りました",
        "nerirepo@example.jp",
        "mirai@example.jp",
    )
    message.set_content("直りました。 http://localhost:8000/l/answer/abc <b>")
    message.add_alternative(
        '<p>直りました<img src="cid:after@nerirepo"><a href="/x">はい</a>', subtype="html"
    )
    _, html = message.iter_parts()
    assert isinstance(html, EmailMessage)
    html.add_related(b"picture", "image", "jpeg", cid="<after@nerirepo>")
    return message


def inbox(folder: Path, *letters: bytes) -> tuple[TestClient, list[str]]:
    names = [mailbox.store(folder, ["mirai@example.jp"], each).name for each in letters]
    return TestClient(create_app(folder)), names


def test_the_newest_letter_stands_first(tmp_path):
    page, (older, newer) = inbox(tmp_path, b"Subject: older\r\n\r\n", b"Subject: newer\r\n\r\n")
    text = page.get("/").text
    assert text.index(newer) < text.index(older)
    assert "全2通" in text


def test_an_empty_inbox_says_so(tmp_path):
    page, _ = inbox(tmp_path)
    assert "まだメールはありません" in page.get("/").text


def test_a_letter_shows_subject_addresses_and_text_with_its_links(tmp_path):
    page, (name,) = inbox(tmp_path, result_letter().as_bytes())
    text = page.get(f"/letters/{name}").text
    assert "直りました" in text
    assert "mirai@example.jp" in text
    assert 'href="http://localhost:8000/l/answer/abc"' in text
    assert "&lt;b&gt;" in text


def test_the_html_part_carries_its_pictures_and_runs_no_scripts(tmp_path):
    page, (name,) = inbox(tmp_path, result_letter().as_bytes())
    answer = page.get(f"/letters/{name}/html")
    assert 'src="data:image/jpeg;base64,cGljdHVyZQ=="' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "script-src" not in policy


def test_the_letter_can_be_saved_as_it_came(tmp_path):
    page, (name,) = inbox(tmp_path, b"Subject: raw\r\n\r\nbody\r\n")
    assert page.get(f"/letters/{name}/raw").content.endswith(b"Subject: raw\r\n\r\nbody\r\n")


def test_a_broken_letter_is_still_shown(tmp_path):
    page, (name,) = inbox(
        tmp_path,
        b"Subject: =?x-unknown?b?????=\r\nContent-Type: text/plain; charset=x-nobody\r\n\r\n\xff\xfe",
    )
    assert page.get("/").status_code == 200
    assert page.get(f"/letters/{name}").status_code == 200
    assert page.get(f"/letters/{name}/html").status_code == 404


def test_nothing_but_letters_can_be_read(tmp_path):
    page, _ = inbox(tmp_path)
    (tmp_path / "secrets.json").write_text("{}")
    for name in ("secrets.json", "..%2Fsecrets.json", "20260101T000000.000000Z-00.eml"):
        assert page.get(f"/letters/{name}").status_code == 404
        assert page.get(f"/letters/{name}/raw").status_code == 404
