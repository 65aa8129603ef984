"""Letters stop by one button, or by the mail program's own, and come again by another."""

from uuid import uuid4

from fastapi.testclient import TestClient

from nerirepo.base import links
from nerirepo.base.links import Purpose
from nerirepo.database.db import reading
from nerirepo.reporters.tables import Reporter
from tests.factories import Person, a_reporter


def link(person: Person) -> str:
    return f"/l/unsubscribe/{links.make(Purpose.UNSUBSCRIBE, uuid4(), person.id)}"


def wants_letters(person: Person) -> bool:
    with reading() as session:
        return session.get_one(Reporter, person.id).mail_updates


def test_a_mail_scanner_that_opens_the_link_unsubscribes_nobody(client: TestClient) -> None:
    hanako = a_reporter()
    for method in ("GET", "HEAD"):
        assert client.request(method, link(hanako)).status_code == 200
    assert "止めますか" in client.get(link(hanako)).text
    assert wants_letters(hanako)


def test_one_click_from_a_mail_program_stops_the_letters_without_cookie_or_origin(client: TestClient) -> None:
    hanako = a_reporter()
    for _ in range(2):
        page = client.post(link(hanako), data={"List-Unsubscribe": "One-Click"})
        assert page.status_code == 200
        assert not wants_letters(hanako)


def test_one_click_sent_as_multipart_as_the_standard_allows_works_too(client: TestClient) -> None:
    hanako = a_reporter()
    page = client.post(link(hanako), files={"List-Unsubscribe": (None, "One-Click")})
    assert page.status_code == 200
    assert not wants_letters(hanako)


def test_the_page_says_how_to_get_letters_again_and_its_button_does_it(client: TestClient) -> None:
    hanako = a_reporter()
    stopped = client.post(link(hanako), data={"letters": "off"})
    assert "お知らせメールを止めました" in stopped.text
    assert "また受け取りたくなったら" in stopped.text
    assert "お知らせメールを止めました" in client.get(link(hanako)).text
    again = client.post(link(hanako), data={"letters": "on"})
    assert "お届けします" in again.text
    assert wants_letters(hanako)


def test_a_broken_link_says_so_and_an_erased_person_is_not_found_again(client: TestClient) -> None:
    hanako = a_reporter()
    assert client.post(f"{link(hanako)}x").status_code == 404
    gone = client.post(link(Person(uuid4(), "", "")), data={"List-Unsubscribe": "One-Click"})
    assert gone.status_code == 410
    assert gone.headers["content-type"].startswith("text/html")
