"""What the staff pages promise besides the walk: cookies, refusals, and words that are not lost."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from fastapi.testclient import TestClient
from PIL import Image
from pyotp.totp import TOTP
from sqlmodel import func, select

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.base.settings import settings
from nerirepo.database.db import reading, transaction
from nerirepo.notifications.tables import CauseKind, Delivery, DeliveryState, RecipientKind
from nerirepo.photos.outcome import INCOMPLETE
from nerirepo.photos.tables import Photo
from nerirepo.reports.history import record
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import ActorKind, Report, ReportEvent, ReportOriginal
from nerirepo.staff.members import NewMember, add_member
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import ContactDisclosure
from tests.factories import Person, a_member, a_reporter, take_action
from tests.factories.public_reports import MONDAY, add_photo, add_report
from web_staff.report import DONE_BY_STAFF

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def pages(database: Path, storage: None) -> Iterator[TestClient]:
    yield from _pages("http://localhost:8000")


@pytest.fixture
def https_pages(database: Path, storage: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("NERIREPO_BASE_URL", "https://nerirepo.example.jp")
    settings.cache_clear()
    yield from _pages("https://nerirepo.example.jp")
    settings.cache_clear()


def _pages(address: str) -> Iterator[TestClient]:
    from web_staff.app import create_app

    with TestClient(create_app(), base_url=address, follow_redirects=False, headers=OURS) as client:
        yield client


def a_report(**changes: Any) -> Report:
    with transaction() as session:
        return add_report(session, **{"visibility": Visibility.PENDING, "public_text": None} | changes)


def signed_in(pages: TestClient, role: Role = Role.DESK, department: str = "desk") -> Person:
    member = a_member(role, department)
    pages.cookies.set("nerirepo_staff", member.token)
    return member


def act(pages: TestClient, report: Report, action: str, **typed: Any) -> Any:
    files = typed.pop("files", None)
    values = {"action": action, "action_id": str(uuid7()), "version": "1"} | typed
    return pages.post(f"/desk/reports/{report.number}/actions", data=values, files=files)


def notice(pages: TestClient, address: str) -> str:
    """What a page says to have been done."""
    return pages.get(address).text.partition('<p class="notice good" role="status">')[2].partition("</p>")[0]


def now(report: Report) -> Report:
    with reading() as session:
        return session.get_one(Report, report.id)


def count(table: type) -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def a_picture(colour: str = "green") -> tuple[str, bytes, str]:
    file = BytesIO()
    Image.new("RGB", (800, 600), colour).save(file, "JPEG")
    return ("photos", file.getvalue(), "image/jpeg")


def sign_in(pages: TestClient, member: NewMember, **changes: str) -> Any:
    right = {
        "email": member.email,
        "password": member.password,
        "totp": TOTP(member.totp_secret).now(),
        "next": "/desk/reports/NR-2026-000001",
    }
    return pages.post("/desk/sign-in", data=right | changes)


def a_colleague() -> NewMember:
    with transaction() as session:
        return add_member(
            session, email="taro@staff.example.jp", name="太郎", role=Role.FIELD, department="roads"
        )


def test_the_cookie_over_https_is_bound_to_the_host(https_pages: TestClient) -> None:
    answer = sign_in(https_pages, a_colleague())
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/reports/NR-2026-000001")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-nerirepo_staff=")
    for flag in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie


def test_the_browser_is_remembered_for_a_year_and_a_code_that_was_used_says_to_wait(
    https_pages: TestClient,
) -> None:
    member = a_colleague()
    with time_machine.travel(clock.now(), tick=False):
        kept = sign_in(https_pages, member).headers.get_list("set-cookie")
        again = sign_in(https_pages, member)
    cookie = next(each for each in kept if each.startswith("__Host-nerirepo_known_browser="))
    for flag in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=31536000"):
        assert flag in cookie
    assert again.status_code == 401
    assert "次のコードが出るまで" in again.text


def test_the_cookie_on_ones_own_machine_is_plain_but_no_scripts(pages: TestClient) -> None:
    cookie = sign_in(pages, a_colleague()).headers["set-cookie"]
    assert cookie.startswith("nerirepo_staff=")
    assert "HttpOnly" in cookie
    assert "Secure" not in cookie


def test_over_plain_http_elsewhere_nobody_signs_in(
    pages: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NERIREPO_BASE_URL", "http://192.0.2.7:8000")
    settings.cache_clear()
    answer = sign_in(pages, a_colleague())
    settings.cache_clear()
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("change", [{"email": "nobody@ward.example.jp"}, {"password": "x"}, {"totp": "1"}])
def test_a_refused_sign_in_keeps_the_address_and_says_nothing_more(
    pages: TestClient, change: dict[str, str]
) -> None:
    answer = sign_in(pages, a_colleague(), **change)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/v1/me", ""]
)
def test_signing_in_leads_nowhere_but_to_our_own_pages(pages: TestClient, target: str) -> None:
    assert sign_in(pages, a_colleague(), next=target).headers["location"] == "/crew"


def test_signing_out_voids_the_session(pages: TestClient) -> None:
    member = signed_in(pages)
    assert pages.post("/desk/sign-out").status_code == 303
    pages.cookies.set("nerirepo_staff", member.token)
    assert pages.get("/desk").headers["location"] == "/desk/sign-in?next=/desk"


def test_who_is_not_signed_in_comes_back_to_where_they_wanted(pages: TestClient) -> None:
    answer = pages.get("/crew/reports/NR-2026-000001")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/crew/sign-in?next=/crew/reports/NR-2026-000001"


def test_another_sites_form_is_refused(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    pages.headers["Sec-Fetch-Site"] = "cross-site"
    assert act(pages, report, "accept").status_code == 403
    assert sign_in(pages, a_colleague()).status_code == 403
    assert now(report).status is Status.RECEIVED


def test_every_page_is_bound_to_itself_and_kept_nowhere(pages: TestClient) -> None:
    signed_in(pages)
    for address in ("/desk", "/desk/sign-in", "/desk/nowhere", "/crew"):
        headers = pages.get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_what_somebody_else_changed_is_shown_and_the_typed_words_stay(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    take_action(a_member(), str(report.id), "accept")
    answer = act(pages, report, "start", public_note="明日うかがいます。", expected_on="2030-01-01")
    assert answer.status_code == 412
    assert "確認中" in answer.text
    assert "明日うかがいます。" in answer.text
    assert 'value="2030-01-01"' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert f'href="/desk/reports/{report.number}?lang=en"' in answer.text
    assert now(report).status is Status.CHECKING


def test_words_are_not_lost_even_when_the_action_is_no_longer_possible(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    take_action(a_member(), str(report.id), "hand_over", manager="tokyo_roads")
    answer = act(pages, report, "start", public_note="明日うかがいます。")
    assert answer.status_code == 412
    assert "明日うかがいます。" in answer.text


def test_a_photo_that_has_come_need_not_be_chosen_again(pages: TestClient) -> None:
    member = signed_in(pages)
    report, action_id = a_report(), str(uuid7())
    refused = act(pages, report, "resolve", action_id=action_id, files=[("photos", a_picture())])
    assert refused.status_code == 422
    with reading() as session:
        photo = session.exec(select(Photo)).one()
    assert (photo.owner_id, photo.state) == (member.id, "received")
    assert f'name="photo_ids" value="{photo.id}"' in refused.text
    answer = act(
        pages,
        report,
        "resolve",
        action_id=action_id,
        photo_ids=str(photo.id),
        public_note="直しました。",
    )
    assert answer.status_code == 303
    assert now(report).status is Status.RESOLVED


def test_a_form_sent_twice_is_done_once_with_its_photo_once(pages: TestClient) -> None:
    signed_in(pages)
    report, action_id = a_report(), str(uuid7())
    for _ in range(2):
        answer = act(
            pages,
            report,
            "resolve",
            action_id=action_id,
            public_note="直しました。",
            files=[("photos", a_picture())],
        )
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/desk/reports/{report.number}?done=resolve",
        )
    assert count(Photo) == 1
    with reading() as session:
        assert session.exec(select(ReportEvent.kind).order_by(ReportEvent.version)).all() == [
            "submit",
            "resolve",
        ]


def test_a_file_that_is_no_picture_is_refused_in_words(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    disguised = ("photos", ("after.jpg", b"%PDF-1.7 " + b"x" * 200, "image/jpeg"))
    answer = act(pages, report, "resolve", public_note="直しました。", files=[disguised])
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert now(report).status is Status.RECEIVED


def test_accepting_without_the_tick_publishes_nothing(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    assert act(pages, report, "accept", public_text="穴").status_code == 303
    seen = now(report)
    assert (seen.status, seen.visibility, seen.public_text) == (Status.CHECKING, Visibility.PENDING, None)


def test_publishing_takes_exactly_the_photos_that_were_ticked(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    with transaction() as session:
        kept, shown = (add_photo(session, report, is_cleared=False, position=each) for each in range(2))
    answer = act(pages, report, "publish", public_text="灯りが消えています。", photo_ids=str(shown.id))
    assert answer.status_code == 303
    page = pages.get(f"/desk/reports/{report.number}").text
    assert page.count("公開可") == 1
    assert str(kept.id) in page


def test_the_desk_hides_the_place_of_a_home_with_a_tick(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    for typed, is_hidden in (({"hides_point": "yes"}, True), ({}, False)):
        standing = {"version": str(now(report).version), "public_text": "落書きです。"}
        assert act(pages, report, "publish", **standing, **typed).status_code == 303
        assert now(report).hides_point is is_hidden
        page = pages.get(f"/desk/reports/{report.number}").text
        assert ("公開されるのは町名だけです" in page) is is_hidden
        assert ('name="hides_point" value="yes" checked' in page) is is_hidden


@pytest.mark.parametrize(
    "typed",
    [
        {"action": "explode"},
        {"action": ""},
        {"action_id": "x"},
        {"version": "x"},
        {"version": "9" * 30},
        {"public_note": "x" * 2001},
        {"expected_on": "soon"},
        {"public_note": "e" + "\u0301" * 50},
    ],
)
def test_a_forged_form_is_refused_politely(pages: TestClient, typed: dict[str, str]) -> None:
    signed_in(pages)
    report = a_report()
    answer = act(pages, report, typed.pop("action", "ask"), **{"public_note": "場所は?"} | typed)
    assert answer.status_code in (303, 412, 422), answer.text
    assert "</html>" in answer.text or answer.status_code == 303


@pytest.mark.parametrize("reason", [INCOMPLETE, None])
def test_staff_see_that_only_a_part_of_a_photo_has_come(pages: TestClient, reason: str | None) -> None:
    signed_in(pages)
    report = a_report()
    with transaction() as session:
        add_photo(session, session.get_one(Report, report.id)).reason = reason
    page = pages.get(f"/desk/reports/{report.number}").text
    assert ("途中までしか届かなかった写真です" in page) == (reason is not None)


def test_a_form_that_is_far_too_large_is_not_read_whether_it_says_so_or_not(pages: TestClient) -> None:
    assert pages.post("/desk/sign-in", content=(b"x" * 1000 for _ in range(300))).status_code == 413
    assert pages.post("/desk/sign-in", content=b"x" * 300_000).status_code == 413


def test_a_crew_is_led_away_from_another_departments_report(pages: TestClient) -> None:
    signed_in(pages, Role.FIELD, "parks")
    answer = pages.get(f"/crew/reports/{a_report().number}")
    assert answer.status_code == 403
    assert SECRET_WORDS not in answer.text


SECRET_WORDS = "住所は豊玉北"


def test_an_admin_is_told_that_reports_are_not_theirs(pages: TestClient) -> None:
    signed_in(pages, Role.ADMIN)
    assert "設定" in pages.get("/desk").text
    assert pages.get(f"/desk/reports/{a_report().number}").status_code == 403


def test_a_letter_that_did_not_arrive_is_shown_without_its_address(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    with transaction() as session:
        session.add(
            Delivery(
                cause_kind=CauseKind.EVENT,
                cause_id=str(uuid7()),
                recipient_kind=RecipientKind.REPORTER,
                recipient_id="x",
                address="hanako@example.jp",
                template="accept",
                locale="ja",
                report_id=report.id,
                state=DeliveryState.FAILED,
                problem="550 <hanako@example.jp>: no such mailbox",
                created_at=MONDAY,
                next_try_at=MONDAY,
            )
        )
    page = pages.get(f"/desk/reports/{report.number}").text
    assert "届きませんでした" in page
    assert "no such mailbox" in page
    assert "hanako@example.jp" not in page


def test_the_letter_of_an_answer_is_not_called_a_new_report(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    with transaction() as session:
        for kind in ("submit", "comment"):
            seq = record(session, report, kind, actor=ActorKind.REPORTER)
            session.add(
                Delivery(
                    cause_kind=CauseKind.EVENT,
                    cause_id=str(session.get_one(ReportEvent, seq).id),
                    recipient_kind=RecipientKind.DEPARTMENT,
                    recipient_id="roads",
                    template="department",
                    locale="ja",
                    report_id=report.id,
                    created_at=MONDAY + timedelta(minutes=seq),
                    next_try_at=MONDAY,
                )
            )
    page = pages.get(f"/desk/reports/{report.number}").text
    letters = re.findall("<li>(.*?) ", page.partition('class="letters"')[2].partition("</ul>")[0])
    assert letters == ["投稿の連絡", "返事の連絡"]


def test_contact_data_is_shown_once_and_the_reason_is_kept(pages: TestClient) -> None:
    signed_in(pages)
    report, hanako = a_report(), a_reporter()
    with transaction() as session:
        session.get_one(ReportOriginal, report.id).reporter_id = hanako.id
    address = f"/desk/reports/{report.number}"
    assert "hanako@example.jp" not in pages.get(address).text
    refused = pages.post(f"{address}/contact", data={"reason": " "})
    assert "hanako@example.jp" not in refused.text
    assert count(ContactDisclosure) == 0
    answer = pages.post(f"{address}/contact", data={"reason": "場所を確かめる"})
    assert "hanako@example.jp" in answer.text
    assert count(ContactDisclosure) == 1
    assert "hanako@example.jp" not in pages.get(address).text


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "sort=nonsense",
        "sort=distance",
        "near=nan,1",
        "near=1,2,3",
        "near=35.7,139.6&sort=distance",
        "cursor=x",
        "q=%00%25",
        "department=nowhere",
        "department=%00",
        "assignee=x",
        "lang=xx",
        "status=closed&sort=newest",
        "to_screen=1&status=all",
    ],
)
def test_an_address_that_makes_no_sense_still_shows_a_list(pages: TestClient, query: str) -> None:
    signed_in(pages)
    a_report()
    assert pages.get(f"/desk?{query}").status_code == 200


def test_a_long_list_goes_on_under_its_filters(pages: TestClient) -> None:
    signed_in(pages)
    for _ in range(31):
        a_report()
    first = pages.get("/desk?sort=newest").text
    address = first.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "sort=newest" in address
    assert pages.get(f"/desk{address}").text.count('<li class="report') == 1


def back(page: str) -> str:
    return html.unescape(re.search(r'class="back"><a href="([^"]*)"', page)[1])  # type: ignore[index]


@pytest.mark.parametrize(
    ("carried", "leads_to"),
    [
        ("q=%E7%A9%B4&status=all&cursor=abc", "/desk?q=%E7%A9%B4&status=all&cursor=abc"),
        ("//elsewhere.example/", "/desk"),
        ("https://elsewhere.example/?status=all", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("status=all&next=//elsewhere.example&lang=en&done=hide", "/desk?status=all"),
        ('q="><script>&sort=\r\nX: y', "/desk?q=%22%3E%3Cscript%3E&sort=%0D%0AX%3A+y"),
        ("q=" + "x" * 2000, "/desk"),
    ],
)
def test_the_way_back_to_the_list_leads_to_a_list_of_ours_alone(
    pages: TestClient, carried: str, leads_to: str
) -> None:
    signed_in(pages)
    report = a_report()
    address = f"/desk/reports/{report.number}?{urlencode({'list': carried})}"
    page = pages.get(address).text
    assert back(page) == leads_to
    assert "<script>" not in page
    unknown = pages.get(f"/desk/reports/NR-2000-000000?{urlencode({'list': carried})}").text
    assert f'<a href="{html.escape(leads_to)}">一覧へもどる' in unknown


def test_an_action_that_leads_back_to_the_list_leads_to_the_same_one(pages: TestClient) -> None:
    signed_in(pages, Role.FIELD, "lamps")
    report = a_report(status=Status.CHECKING)
    hidden = {"action": "reassign", "action_id": str(uuid7()), "version": "1", "department": "desk"}
    address = f"/crew/reports/{report.number}/actions?{urlencode({'list': 'status=checking&sort=oldest'})}"
    assert pages.post(address, data=hidden).headers["location"] == "/crew?status=checking&sort=oldest"


def test_english_is_remembered(pages: TestClient) -> None:
    signed_in(pages)
    pages.get("/desk?lang=en")
    assert '<html lang="en">' in pages.get("/desk").text
    assert "Nearest first" in pages.get("/desk").text


def test_the_process_says_that_it_lives_and_is_ready(pages: TestClient) -> None:
    assert [pages.get(f"/health/{each}").status_code for each in ("live", "ready")] == [200, 200]


@pytest.mark.parametrize("action", ["accept", "publish", "edit_public_text"])
def test_a_name_or_a_number_is_not_published_by_one_tap(pages: TestClient, action: str) -> None:
    signed_in(pages)
    report = a_report()
    form = {
        "action": action,
        "action_id": str(uuid7()),
        "version": "1",
        "publish": "yes",
        "public_text": "山田さんの家の前です。電話は090-1234-5678です。",
    }
    address = f"/desk/reports/{report.number}/actions"
    refused = pages.post(address, data=form)
    assert refused.status_code == 422
    assert "090-1234-5678" in refused.text  # nothing typed is lost
    assert 'name="screened"' in refused.text
    assert pages.post(address, data=form | {"screened": "yes"}).status_code == 303


def test_a_merge_can_be_taken_back_by_one_button_while_nobody_has_heard_of_it(pages: TestClient) -> None:
    signed_in(pages)
    report, parent = a_report(), a_report()
    assert act(pages, report, "merge", parent_report=parent.number).status_code == 303
    page = pages.get(f"/desk/reports/{report.number}").text
    assert ">取り消す</button>" in page
    form = page.split(">取り消す</button>")[0].rpartition("<form")[2]
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    undone = pages.post(f"/desk/reports/{report.number}/actions", data=typed)
    assert undone.status_code == 303
    assert "まとめたことを取り消しました" in notice(pages, undone.headers["location"])
    sent_again = pages.post(f"/desk/reports/{report.number}/actions", data=typed)
    assert sent_again.headers["location"] == undone.headers["location"]
    assert now(report).status is Status.RECEIVED
    assert now(report).parent_id is None
    assert ">取り消す</button>" not in pages.get(f"/desk/reports/{report.number}").text


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_was_done_is_said_in_its_own_words(pages: TestClient, lang: str) -> None:
    signed_in(pages)
    number = a_report().number
    said = {notice(pages, f"/desk/reports/{number}?lang={lang}&done={each}") for each in DONE_BY_STAFF}
    assert len(said) == len(DONE_BY_STAFF)
    assert not any("done." in each or not each for each in said)


def test_a_merge_with_a_place_far_away_says_how_far(pages: TestClient) -> None:
    signed_in(pages)
    near, far = a_report(), a_report(location="SRID=4326;POINT(139.6523 35.7657)")
    assert act(pages, near, "merge", parent_report=far.number).status_code == 303
    page = pages.get(f"/desk/reports/{near.number}").text
    assert "2つの投稿の場所は 3.3 km はなれています" in page.partition(">取り消す</button>")[0]


def test_a_merge_into_no_report_says_so_on_top(pages: TestClient) -> None:
    signed_in(pages)
    answer = act(pages, a_report(), "merge", parent_report="nr-2026-99")
    on_top = answer.text.partition('id="fault"')[2].partition("</div>")[0]
    assert (answer.status_code, "この番号の投稿はありません" in on_top) == (422, True)
    assert "日付" not in on_top
    dated = act(pages, a_report(), "start", expected_on="2001-01-01")
    assert "過ぎた日か" in dated.text.partition('id="fault"')[2].partition("</div>")[0]


def test_a_question_and_a_refusal_are_asked_for_in_their_own_words(pages: TestClient) -> None:
    signed_in(pages)
    report = a_report()
    page = pages.get(f"/desk/reports/{report.number}").text
    ask, decline = (
        page.partition(f'id="do-{each}"')[2].partition("</form>")[0] for each in ("ask", "decline")
    )
    assert "投稿者へのおたずね" in ask
    assert "区の対応（公開）" not in ask
    assert "対象外にする理由を" in decline
    assert "したことを" not in decline
    assert act(pages, report, "ask", public_note="どちらの角ですか").status_code == 303
    said = pages.get(f"/desk/reports/{report.number}").text.partition('id="happened"')[2]
    assert '<span class="small">投稿者へのおたずね</span>どちらの角ですか' in said


def test_after_ten_minutes_a_merge_is_no_longer_undone_unheard(pages: TestClient) -> None:
    signed_in(pages)
    report, parent = a_report(), a_report()
    act(pages, report, "merge", parent_report=parent.number)
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=True):
        page = pages.get(f"/desk/reports/{report.number}").text
    assert parent.number in page
    assert ">取り消す</button>" not in page


def test_the_place_is_drawn_on_the_wards_own_lines(pages: TestClient) -> None:
    signed_in(pages)
    page = pages.get(f"/desk/reports/{a_report().number}").text
    drawing = page.split('class="map"')[1].split("</svg>")[0]
    assert 'class="marker"' in drawing
    assert 'class="roads"' in drawing
    assert "豊玉北六丁目の地図" in drawing


def test_a_slash_too_many_or_a_made_up_word_still_leads_to_the_page(pages: TestClient) -> None:
    signed_in(pages)
    answer = pages.get("/desk/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (308, "/desk")
    assert pages.get(f"/desk/reports/{a_report().number}?done=explode%00").status_code == 200
