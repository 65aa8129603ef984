"""The reference client's list of reports, brought up to date by small answers."""

from collections.abc import Callable
from typing import Any

from nerirepo.database.db import transaction
from nerirepo.reports import follow
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report
from tests.factories import a_member, a_reporter, take_action
from tests.factories.public_reports import add_report

Phones = Callable[..., Any]


def numbers(told: dict[str, Any]) -> set[str]:
    return {each["number"] for each in told["reports"]}


def test_what_is_followed_comes_and_what_is_hidden_goes(live: str, a_phone: Phones) -> None:
    hanako = a_reporter()
    phone = a_phone(live, hanako)
    with transaction() as session:
        known = [add_report(session) for _ in range(3)]
        for report in known:
            follow.follow(session, report, hanako.id)
    assert numbers(phone.does(sync=True)) == {report.number for report in known}
    with transaction() as session:
        session.get_one(Report, known[0].id).visibility = Visibility.HIDDEN
    take_action(a_member(), str(known[1].id), "accept", public_text="穴")
    told = phone.does(sync=True)
    assert numbers(told) == {report.number for report in known[1:]}
    assert {each["number"]: each["status"] for each in told["reports"]}[known[1].number] == "checking"


def test_a_cursor_that_the_service_does_not_know_makes_the_phone_begin_anew(
    live: str, a_phone: Phones
) -> None:
    hanako = a_reporter()
    phone = a_phone(live, hanako)
    with transaction() as session:
        report = add_report(session)
        follow.follow(session, report, hanako.id)
    gone = {"id": "01900000-0000-7000-8000-000000000000", "number": "NR-2020-000001", "received_at": "2020"}
    told = phone.does(write={"sync_cursor": "of another database", f"report/{gone['id']}": gone}, sync=True)
    assert numbers(told) == {report.number}


def test_another_language_brings_everything_anew_in_it(live: str, a_phone: Phones) -> None:
    hanako = a_reporter()
    phone = a_phone(live, hanako)
    with transaction() as session:
        known = [add_report(session, category_code="lamp.out") for _ in range(2)]
        for report in known:
            follow.follow(session, report, hanako.id)
    assert {each["category"]["name"] for each in phone.does(sync=True)["reports"]} == {"街路灯が消えている"}
    with transaction() as session:
        session.get_one(Report, known[0].id).visibility = Visibility.HIDDEN
    told = phone.does(sync=True, language="en")
    assert [each["category"]["name"] for each in told["reports"]] == ["Street lamp out"]
