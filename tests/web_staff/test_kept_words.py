"""Nothing that staff have typed is lost, whatever happens between the first letter and the answer."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from pyotp.totp import TOTP
from sqlalchemy.exc import OperationalError
from sqlmodel import func, select

from nerirepo.base import clock
from nerirepo.database import db
from nerirepo.gateways.storage import StorageAway
from nerirepo.photos import receive
from nerirepo.privacy.erase import erase
from nerirepo.privacy.expire import expire
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Report, ReportOriginal, ReportPhoto
from nerirepo.staff.members import NewMember, add_member, deactivate, with_email
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import StaffDraft
from tests.factories import a_member, a_reporter, take_action
from tests.factories.public_reports import add_report

WORDS = "豊玉の現場で、灯具を交換しました。"
CODES: defaultdict[str, Iterator[int]] = defaultdict(count)
"""A code is accepted once: who comes back within the half minute has the next one."""
TARO, JIRO = "taro@ward.example.jp", "jiro@ward.example.jp"


@pytest.fixture
def pages(database: Path, storage: None) -> Iterator[TestClient]:
    from web_staff.app import create_app

    ours = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(
        create_app(),
        base_url="http://localhost:8000",
        follow_redirects=False,
        headers=ours,
        raise_server_exceptions=False,
    ) as client:
        yield client


@pytest.fixture
def taro(pages: TestClient) -> NewMember:
    member = a_colleague(TARO)
    sign_in(pages, member)
    return member


def a_colleague(email: str, role: Role = Role.FIELD) -> NewMember:
    with db.transaction() as session:
        return add_member(session, email=email, name=email, role=role, department="lamps")


def sign_in(pages: TestClient, member: NewMember, target: str = "") -> Any:
    return pages.post(
        "/crew/sign-in",
        data={
            "email": member.email,
            "password": member.password,
            "totp": TOTP(member.totp_secret).at(
                clock.now() + timedelta(seconds=30 * next(CODES[member.totp_secret]))
            ),
            "next": target,
        },
    )


def a_report(**changes: Any) -> Report:
    with db.transaction() as session:
        return add_report(
            session,
            **{"status": Status.CHECKING, "visibility": Visibility.PENDING, "public_text": None} | changes,
        )


def form_of(page: str, action: str) -> tuple[str, dict[str, str]]:
    """Where the form of an action is sent, and its hidden fields, as a browser reads them."""
    found = re.search(
        r'<form[^>]*action="([^"]+)"[^>]*>'
        rf'(?=\s*<input type="hidden" name="action" value="{action}">)(.*?)</form>',
        page,
        re.S,
    )
    assert found, action
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[2]))
    return html.unescape(found[1]), hidden


def a_picture() -> tuple[str, tuple[str, bytes, str]]:
    file = BytesIO()
    Image.new("RGB", (80, 60), "green").save(file, "JPEG")
    return ("photos", ("after.jpg", file.getvalue(), "image/jpeg"))


def fill_in(pages: TestClient, report: Report, action: str = "resolve") -> tuple[str, dict[str, str]]:
    return form_of(pages.get(f"/crew/reports/{report.number}").text, action)


def now(report: Report) -> Report:
    with db.reading() as session:
        return session.get_one(Report, report.id)


def kept() -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(StaffDraft)).one()


def test_a_session_that_ends_while_somebody_writes_costs_neither_words_nor_photos(
    pages: TestClient, taro: NewMember
) -> None:
    report = a_report()
    address, hidden = fill_in(pages, report)
    pages.cookies.clear()
    answer = pages.post(address, data=hidden | {"public_note": WORDS}, files=[a_picture()])
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where == f"/crew/sign-in?next=/crew/reports/{report.number}&kept=1"
    page = pages.get(where).text
    assert "取ってあります" in page
    assert WORDS not in page
    back = sign_in(pages, taro, f"/crew/reports/{report.number}").headers["location"]
    page = pages.get(back).text
    address, hidden = form_of(page, "resolve")
    assert WORDS in page
    assert '<details class="act" id="do-resolve" open>' in page
    (photo_id,) = re.findall(r'name="photo_ids" value="([^"]+)" checked', page)
    # As it stands there, it is sent.
    done = pages.post(address, data=hidden | {"public_note": WORDS, "photo_ids": photo_id})
    assert done.headers["location"].endswith("?done=resolve")
    assert now(report).status is Status.RESOLVED
    with db.reading() as session:
        assert [str(each.photo_id) for each in session.exec(select(ReportPhoto))] == [photo_id]
    assert kept() == 0


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_photos_that_are_too_large_together_cost_no_words(
    pages: TestClient, taro: NewMember, monkeypatch: pytest.MonkeyPatch, is_signed_in: bool
) -> None:
    report = a_report()
    address, hidden = fill_in(pages, report)
    monkeypatch.setattr("web_staff.carried.LARGEST_FORM", 20_000)
    if not is_signed_in:
        pages.cookies.clear()
    large = ("photos", ("after.jpg", bytes(400_000), "image/jpeg"))
    answer = pages.post(address, data=hidden | {"public_note": WORDS}, files=[large])
    if is_signed_in:
        assert answer.status_code == 422
        assert "写真が大きすぎて" in answer.text
        page = answer.text
    else:
        assert answer.headers["location"].endswith("&kept=1")
        page = pages.get(sign_in(pages, taro, f"/crew/reports/{report.number}").headers["location"]).text
    assert WORDS in page
    assert now(report).status is Status.CHECKING


def test_nobody_else_is_shown_what_somebody_typed(pages: TestClient, taro: NewMember) -> None:
    report = a_report()
    address, hidden = fill_in(pages, report)
    pages.cookies.clear()
    pages.post(address, data=hidden | {"public_note": WORDS})
    sign_in(pages, a_colleague(JIRO))
    assert WORDS not in pages.get(f"/crew/reports/{report.number}").text
    # Not even who names the form as their own.
    discarded = pages.post("/crew/drafts/discard", data={"form_id": hidden["action_id"]})
    assert discarded.headers["location"] == "/crew"
    pages.cookies.clear()
    sign_in(pages, taro)
    assert WORDS in pages.get(f"/crew/reports/{report.number}").text


@pytest.mark.parametrize(
    "forge",
    [
        lambda address: address.split("?")[0],
        lambda address: re.sub(r"(?<=of=)[0-9a-f]{8}", "00000000", address),
        lambda address: address[:-1] + ("0" if address[-1] != "0" else "1"),
        lambda address: re.sub("form=[^&]+", "form=0193e4a0-0000-7000-8000-000000000000", address),
        lambda address: re.sub("of=[^&]+", "of=%E3%81%82", address),
    ],
)
def test_a_stranger_fills_no_disk_of_ours(pages: TestClient, taro: NewMember, forge: Any) -> None:
    address, hidden = fill_in(pages, a_report())
    pages.cookies.clear()
    answer = pages.post(forge(address), data=hidden | {"public_note": WORDS})
    assert answer.status_code == 303
    assert "kept" not in answer.headers["location"]
    assert kept() == 0


def test_another_sites_form_is_not_kept(pages: TestClient, taro: NewMember) -> None:
    address, hidden = fill_in(pages, a_report())
    pages.cookies.clear()
    pages.headers["Sec-Fetch-Site"] = "cross-site"
    assert pages.post(address, data=hidden | {"public_note": WORDS}).status_code == 403
    assert kept() == 0


def test_who_was_signed_out_by_an_admin_has_lost_nothing_when_they_come_back(
    pages: TestClient, taro: NewMember
) -> None:
    report = a_report()
    address, hidden = fill_in(pages, report)
    with db.transaction() as session:
        member = with_email(session, TARO)
        assert member
        deactivate(session, member)
    assert pages.post(address, data=hidden | {"public_note": WORDS}).status_code == 303
    with db.transaction() as session:
        with_email(session, TARO).is_active = True  # type: ignore[union-attr]
    sign_in(pages, taro)
    assert WORDS in pages.get(f"/crew/reports/{report.number}").text


def test_words_about_a_report_that_was_passed_on_meanwhile_are_shown(
    pages: TestClient, taro: NewMember
) -> None:
    report = a_report()
    address, hidden = fill_in(pages, report)
    take_action(a_member(), str(report.id), "reassign", department="parks")
    answer = pages.post(address, data=hidden | {"public_note": WORDS}, files=[a_picture()])
    assert answer.status_code == 403
    assert WORDS in answer.text
    assert "ほかの課" in answer.text
    assert "写真1枚は、もう届いています" in answer.text
    assert report.number not in answer.text
    again = pages.get(f"/crew/reports/{report.number}")
    assert (again.status_code, WORDS in again.text) == (403, True)


def test_a_server_that_fails_shows_the_form_and_takes_it_again(
    pages: TestClient, taro: NewMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = a_report()
    address, hidden = fill_in(pages, report)
    for fault, status in ((RuntimeError("bug"), 500), (OperationalError("x", {}, Exception()), 503)):
        with monkeypatch.context() as broken:
            broken.setattr("web_staff.action.act", _raising(fault))
            answer = pages.post(address, data=hidden | {"public_note": WORDS}, files=[a_picture()])
        assert answer.status_code == status
        assert WORDS in answer.text
    sent_to = html.unescape(re.search(r'<form method="post" action="(/crew/reports[^"]+)"', answer.text)[1])  # type: ignore[index]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    done = pages.post(sent_to, data=dict(fields))
    assert done.headers["location"].endswith("?done=resolve")
    assert now(report).status is Status.RESOLVED


def test_where_nobody_can_say_who_is_signed_in_the_words_are_shown_all_the_same(
    pages: TestClient, taro: NewMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, hidden = fill_in(pages, a_report())
    with monkeypatch.context() as broken:
        away = _raising(OperationalError("x", {}, Exception()))
        broken.setattr("web.members.sessions.session_of", away)
        answer = pages.post(address, data=hidden | {"public_note": WORDS})
    assert (answer.status_code, WORDS in answer.text) == (503, True)


def test_a_photo_that_cannot_be_kept_is_asked_for_again_beside_the_words(
    pages: TestClient, taro: NewMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, hidden = fill_in(pages, a_report())
    with monkeypatch.context() as broken:
        broken.setattr(receive, "store", _raising(StorageAway()))
        answer = pages.post(address, data=hidden | {"public_note": WORDS}, files=[a_picture()])
    assert answer.status_code == 503
    assert WORDS in answer.text
    assert "もう一度選んでください" in answer.text


def test_one_bad_file_does_not_cost_the_others(pages: TestClient, taro: NewMember) -> None:
    address, hidden = fill_in(pages, a_report())
    bad = ("photos", ("list.pdf", b"%PDF-1.7 " + b"x" * 200, "image/jpeg"))
    answer = pages.post(address, data=hidden | {"public_note": WORDS}, files=[bad, a_picture()])
    assert answer.status_code == 422
    assert len(re.findall(r'name="photo_ids" value="[^"]+" checked', answer.text)) == 1


def test_a_form_that_was_refused_stands_there_when_the_page_is_opened_anew(
    pages: TestClient, taro: NewMember
) -> None:
    """As after the Back button, or on the next day."""
    report = a_report()
    address, hidden = fill_in(pages, report)
    assert pages.post(address, data=hidden | {"public_note": WORDS}).status_code == 422
    page = pages.get(f"/crew/reports/{report.number}").text
    assert WORDS in page
    assert "まだ終わっていません" in page
    pages.post("/crew/drafts/discard", data={"form_id": hidden["action_id"]})
    assert WORDS not in pages.get(f"/crew/reports/{report.number}").text


def test_the_reason_for_seeing_contact_data_is_kept_as_well(pages: TestClient) -> None:
    desk = a_colleague(TARO, Role.DESK)
    sign_in(pages, desk)
    report, hanako = a_report(), a_reporter()
    with db.transaction() as session:
        session.get_one(ReportOriginal, report.id).reporter_id = hanako.id
    address, hidden = form_of(pages.get(f"/desk/reports/{report.number}").text, "contact")
    address = address.split("#")[0]
    pages.cookies.clear()
    pages.post(address, data=hidden | {"reason": "場所を電話で確かめる"})
    sign_in(pages, desk)
    page = pages.get(f"/desk/reports/{report.number}").text
    assert 'value="場所を電話で確かめる"' in page
    shown = pages.post(address, data=hidden | {"reason": "場所を電話で確かめる"})
    assert "hanako@example.jp" in shown.text
    assert kept() == 0


def test_a_notice_survives_the_end_of_a_session(pages: TestClient) -> None:
    desk = a_colleague(TARO, Role.DESK)
    sign_in(pages, desk)
    page = pages.get("/desk/notices").text
    address = html.unescape(re.search(r'action="(/desk/notices\?[^"]+)"', page)[1])  # type: ignore[index]
    form_id = re.search(r'name="action_id" value="([^"]+)"', page)[1]  # type: ignore[index]
    pages.cookies.clear()
    typed = {"action_id": form_id, "title.ja": "台風", "words.ja": WORDS, "until": "2999-01-01"}
    answer = pages.post(address, data=typed)
    assert answer.headers["location"] == "/desk/sign-in?next=/desk/notices&kept=1"
    sign_in(pages, desk)
    page = pages.get("/desk/notices").text
    assert WORDS in page
    assert 'value="2999-01-01"' in page


def test_filters_survive_signing_in(pages: TestClient) -> None:
    member = a_colleague(TARO)
    asked = "/crew?status=in_progress&sort=oldest&q=%E7%A9%B4"
    where = pages.get(asked).headers["location"]
    page = pages.get(where).text
    target = html.unescape(re.search(r'name="next" value="([^"]*)"', page)[1])  # type: ignore[index]
    assert target == asked
    assert sign_in(pages, member, target).headers["location"] == asked


@pytest.mark.parametrize("target", ["//x.example/?a", "/crew?a=\\\\x", "/crew?a=b\r\nX: y", "/crew?<script>"])
def test_signing_in_leads_nowhere_else_with_a_query_either(pages: TestClient, target: str) -> None:
    assert sign_in(pages, a_colleague(TARO), target).headers["location"] == "/crew"


def test_what_nobody_comes_back_for_is_forgotten_after_a_week(pages: TestClient, taro: NewMember) -> None:
    address, hidden = fill_in(pages, a_report())
    pages.post(address, data=hidden | {"public_note": WORDS})
    today = clock.today_in_japan()
    for days, left in ((6, 1), (9, 0)):
        with db.transaction() as session:
            expire(session, today + timedelta(days=days))
        assert kept() == left


def test_erasing_a_person_forgets_what_was_being_written_about_their_report(
    pages: TestClient, taro: NewMember
) -> None:
    report, hanako = a_report(), a_reporter()
    with db.transaction() as session:
        session.get_one(ReportOriginal, report.id).reporter_id = hanako.id
    address, hidden = fill_in(pages, report)
    pages.post(address, data=hidden | {"public_note": WORDS})
    assert kept() == 1
    with db.transaction() as session:
        erase(session, hanako.id)
    assert kept() == 0


def _raising(fault: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise fault

    return fail
