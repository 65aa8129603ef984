"""An admin words letters anew: in the next letter it stands so, and nothing but words ever does."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import func, select

from nerirepo.base import clock
from nerirepo.database.db import reading, transaction
from nerirepo.notifications.tables import LetterWording
from nerirepo.staff.roles import Role
from nerirepo.words import language
from tests.factories import Person, a_member, life, people

HANAKO = "hanako@example.jp"
THANKS = "お知らせくださり、ありがとうございます。"
SHIPPED = "ご投稿ありがとうございます。"


@pytest.fixture
def admin(client: TestClient) -> Person:
    return a_member(Role.ADMIN, "desk")


def read(client: TestClient, admin: Person) -> list[dict[str, Any]]:
    answer = client.get("/staff/templates", headers=admin.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["templates"]


def put(client: TestClient, admin: Person, *entries: dict[str, Any]) -> Any:
    return client.put("/staff/templates", headers=admin.headers, json={"templates": list(entries)})


def words(template: str = "submit", language: str = "ja", **texts: str) -> dict[str, Any]:
    return {"template": template, "language": language, "texts": texts}


def history(client: TestClient, admin: Person) -> list[dict[str, Any]]:
    return client.get("/staff/templates/changes", headers=admin.headers).json()["changes"]


def the_letter(mailbox: Path, locale: str = "ja") -> Any:
    """About a report that has just come."""
    life.post(people.resident(locale=locale))
    life.notify_all()
    life.send_all()
    return life.letters(mailbox, HANAKO)[-1]


def test_every_letter_is_listed_in_every_language_with_what_is_filled_in(
    client: TestClient, admin: Person
) -> None:
    entries = read(client, admin)
    assert {each["language"] for each in entries} == set(language.LANGUAGES)
    named = {(each["template"], each["language"]): each for each in entries}
    receipt = named["submit", "ja"]
    assert receipt["texts"]["subject"] == "投稿を受け付けました: {about}（{number}）"
    assert receipt["placeholders"]["subject"] == ["about", "number"]
    assert receipt["placeholders"]["intro"] == []
    listed = {f"mail.{each['template']}.{part}" for each in entries for part in each["texts"]}
    subjects = {key for key in language.catalogue("ja") if key.startswith("mail.") and "subject" in key}
    assert subjects <= listed


def test_a_letter_says_from_now_on_what_the_admin_wrote(
    client: TestClient, admin: Person, mailbox: Path
) -> None:
    answer = put(client, admin, words(subject="【練馬区】{number} を受け付けました", intro=THANKS))
    assert answer.status_code == 200, answer.text
    letter = the_letter(mailbox)
    assert letter["subject"].startswith("【練馬区】NR-")
    for form in ("plain", "html"):
        assert THANKS in life.body(letter, form)
        assert SHIPPED not in life.body(letter, form)
    assert "担当が確認したら" in life.body(letter)  # what was not touched is as shipped


def test_the_other_languages_stay_as_they_are(client: TestClient, admin: Person, mailbox: Path) -> None:
    put(client, admin, words(intro=THANKS))
    letter = the_letter(mailbox, locale="en")
    assert THANKS not in life.body(letter)
    assert language.catalogue("en")["mail.submit.intro"] in life.body(letter)


def test_what_is_left_out_is_as_shipped_again_and_who_did_it_is_kept(
    client: TestClient, admin: Person, mailbox: Path
) -> None:
    put(client, admin, words(intro="こんにちは。"))
    put(client, admin, words(intro="こんばんは。"))
    put(client, admin)
    assert SHIPPED in life.body(the_letter(mailbox))
    told = history(client, admin)
    assert [each["text"] for each in told] == [None, "こんばんは。", "こんにちは。"]
    assert {(each["template"], each["language"], each["part"]) for each in told} == {
        ("submit", "ja", "intro")
    }
    assert {each["member"] for each in told} == {"職員 花子"}


def test_a_list_put_back_as_it_was_read_changes_nothing(client: TestClient, admin: Person) -> None:
    assert put(client, admin, *read(client, admin)).status_code == 200
    with reading() as session:
        assert session.exec(select(func.count()).select_from(LetterWording)).one() == 0


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (words(intro="<script>alert(1)</script>"), "wording_has_markup"),
        (words(intro="<b>太字</b>"), "wording_has_markup"),
        (words(intro="&lt;b&gt;"), "wording_has_markup"),
        (words(intro="{email}"), "placeholder_unknown"),
        (words(subject="{number.__class__}"), "placeholder_unknown"),
        (words(subject="{number!r}"), "placeholder_unknown"),
        (words(subject="{number:>99999999}"), "placeholder_unknown"),
        (words(subject="{0}"), "placeholder_unknown"),
        (words(subject="{"), "placeholder_unknown"),
        (words(subject="{}"), "placeholder_unknown"),
        (words(subject="}{"), "placeholder_unknown"),
        (words(subject="題\nBcc: evil@example.com"), "wording_has_lines"),
        (words(intro=" "), "wording_empty"),
        (words(subject="長" * 101), "wording_too_long"),
        (words(greeting="こんにちは"), "part_unknown"),
    ],
)
def test_what_is_no_plain_sentence_is_refused_and_nothing_changes(
    client: TestClient, admin: Person, entry: dict[str, Any], code: str
) -> None:
    answer = put(client, admin, words("accept", subject="確認中です"), entry)
    assert (answer.status_code, answer.json()["code"]) == (422, "wording_invalid")
    assert [each["code"] for each in answer.json()["errors"]] == [code]
    assert answer.json()["errors"][0]["field"].startswith("templates.1.texts.")
    assert history(client, admin) == []


@pytest.mark.parametrize(
    "entry",
    [
        words("frame", intro="x"),
        words(language="fr", intro="x"),
        words(intro="e" + "\u0301" * 20),
        words(**{"a b": "x"}),
    ],
)
def test_what_names_no_letter_is_refused(client: TestClient, admin: Person, entry: dict[str, Any]) -> None:
    answer = put(client, admin, entry)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_letter_twice_is_refused(client: TestClient, admin: Person) -> None:
    answer = put(client, admin, words(intro="a"), words(intro="b"))
    assert answer.json()["errors"][0]["code"] == "template_twice"


def test_words_that_no_longer_fit_their_letter_never_stop_it(admin: Person, mailbox: Path) -> None:
    with transaction() as session:
        for part, old in (("intro", "{gone} はもうありません"), ("gone", "もうない項目")):
            session.add(
                LetterWording(
                    template="submit",
                    language="ja",
                    part=part,
                    words=old,
                    member_id=admin.id,
                    at=clock.now(),
                )
            )
    assert SHIPPED in life.body(the_letter(mailbox))
