"""Posting without a program in the browser: address, code, form, a last look, receipt."""

import re
from datetime import datetime, timedelta
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy
import time_machine
from fastapi.testclient import TestClient
from geoalchemy2 import Geometry
from PIL.ExifTags import GPS, IFD
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlmodel import col, func, select

from nerirepo.base import clock, links
from nerirepo.base.ids import uuid7
from nerirepo.base.links import Purpose
from nerirepo.catalogue.offered import Offered
from nerirepo.database.db import reading, transaction
from nerirepo.photos import announce, process
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reporters.sign_in import code_of
from nerirepo.reporters.tables import Challenge, Device, Reporter
from nerirepo.reports.tables import Report, ReportEvent, ReportOriginal, ReportPhoto
from tests.factories import WARD_OFFICE, a_jpeg, a_reporter, send_report
from tests.support import pictures
from tests.support.mail_server import mail_code, moody
from tests.support.statements import statements_that_raise
from web_residents import photo_places, report_form

HANAKO = "hanako@example.jp"
FORM = {
    "category": "lamp.out",
    "asked": "lamp.out",
    "town": "豊玉北六丁目",
    "landmark": "区役所の北の角",
    "description": "3日前から消えています。",
    "eligibility": "lives",
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody opens photos here, but who says so."""
    monkeypatch.setattr(photo_places, "PATIENCE", 0.0)


class Hidden(HTMLParser):
    """The hidden fields of a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.fields.setdefault(str(found["name"]), []).append(found["value"])


def signed_in(client: TestClient, query: str = "") -> str:
    """The address of the form."""
    asked = client.post(f"/l/report{query}", data={"email": HANAKO})
    assert asked.status_code == 200, asked.text
    with reading() as session:
        challenge = session.exec(select(Challenge.id).order_by(col(Challenge.created_at).desc())).first()
    assert challenge
    answer = client.post(
        f"/l/report-code{query}",
        data=Hidden(asked.text).fields | {"code": code_of(challenge)},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def sent(client: TestClient, form: str, fields: dict[str, Any], photos: list[bytes] | None = None) -> Any:
    """A form as a browser sends it: always in parts."""
    files = [("photos", (f"{at}.jpg", each, "image/jpeg")) for at, each in enumerate(photos or [])]
    return client.post(form, data=fields, files=files or [("photos", ("", b"", "application/octet-stream"))])


def reports() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Report)).one()


def test_a_resident_posts_a_photo_without_a_program(client: TestClient) -> None:
    form = signed_in(client)
    assert "街路灯が消えている" in client.get(form).text
    looked = sent(client, form, FORM | {"step": "check"}, [a_jpeg()])
    assert looked.status_code == 200
    for words in ("豊玉北六丁目", "街路灯担当", "写真を1枚", "区役所の北の角"):
        assert words in looked.text
    assert reports() == 0
    done = sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    assert done.status_code == 200
    with reading() as session:
        report, original = session.exec(
            select(Report, ReportOriginal).join(ReportOriginal, col(ReportOriginal.report_id) == Report.id)
        ).one()
        assert session.exec(select(Photo.state)).one() is PhotoState.RECEIVED
        assert session.exec(select(Reporter.eligibility)).one() == "lives"
    assert report.number in done.text
    assert report.town == "豊玉北六丁目"
    assert original.description == "3日前から消えています。\n場所: 区役所の北の角"
    assert original.location_source == "town"


def test_the_chosen_language_goes_along_to_the_terms_and_to_the_next_report(client: TestClient) -> None:
    form = signed_in(client) + "?lang=ko"
    looked = sent(client, form, FORM | {"step": "check"})
    assert 'href="/terms?lang=ko"' in looked.text
    assert 'href="/privacy?lang=ko"' in looked.text
    assert '<span lang="ja">豊玉北六丁目</span>' in looked.text
    done = sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    assert 'href="/l/report?lang=ko"' in done.text


def test_the_questions_of_a_kind_are_asked_and_may_be_left_open(client: TestClient) -> None:
    form = signed_in(client)
    asked = sent(client, form, FORM | {"category": "road.pothole", "asked": "", "step": "check"}, [a_jpeg()])
    for words in ("110番", "大きさはどのくらいですか", "お盆くらい", "深さ"):
        assert words in asked.text
    carried = Hidden(asked.text).fields
    wrong = sent(client, form, carried | {"answer.depth_cm": "とても深い", "step": "check"})
    assert wrong.status_code == 422
    assert 'value="とても深い"' in wrong.text
    given = {"answer.size": "tray", "answer.depth_cm": "１２", "step": "check"}
    looked = sent(client, form, carried | given)
    assert looked.status_code == 200
    assert "お盆くらい" in looked.text
    done = sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    assert done.status_code == 200
    assert "お盆くらい" in done.text
    with reading() as session:
        assert session.exec(select(ReportOriginal.answers)).one() == {"size": "tray", "depth_cm": 12.0}
        assert session.exec(select(Photo.state)).one() is PhotoState.RECEIVED


def test_another_kind_has_other_questions(client: TestClient) -> None:
    form = signed_in(client)
    asked = sent(client, form, FORM | {"category": "lamp.out", "asked": "road.pothole", "step": "check"})
    assert "ちらついている" in asked.text


def test_whoever_sends_has_agreed_to_the_terms_of_today(client: TestClient) -> None:
    form = signed_in(client)
    looked = sent(client, form, FORM | {"step": "check"})
    sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    with reading() as session:
        agreed = session.exec(select(Reporter.terms_version)).one()
    assert agreed == client.get("/v1/service").json()["terms"]["version"]


def test_a_post_that_follows_up_another_says_which(client: TestClient) -> None:
    hanako = a_reporter()
    number = send_report(client, hanako).json()["receipt"]["number"]
    form = signed_in(client, f"?earlier={number}")
    fields = Hidden(client.get(form).text).fields
    assert fields["earlier"] == [number]
    assert "<b>" not in client.get(f"/l/report/{form.split('/')[3].split('?')[0]}?earlier=<b>").text
    looked = sent(client, form, FORM | {"earlier": number, "step": "check"})
    assert number in looked.text
    sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    with reading() as session:
        events = session.exec(select(ReportEvent).order_by(col(ReportEvent.seq)))
        facts = [each.facts.get("earlier") for each in events]
    assert facts == [None, number]


def test_a_form_sent_twice_is_one_report(client: TestClient) -> None:
    a_reporter()
    form = signed_in(client)
    looked = sent(client, form, FORM | {"step": "check"}, [a_jpeg()])
    again = Hidden(looked.text).fields | {"step": "send"}
    first, second = sent(client, form, again), sent(client, form, again)
    assert first.text == second.text
    assert reports() == 1


def test_the_receipt_has_an_address_of_its_own_to_come_back_to(client: TestClient) -> None:
    form = f"{signed_in(client)}?lang=en"
    receipt = form.replace("?", "/receipt?")
    early = client.get(receipt, follow_redirects=False)
    assert (early.status_code, early.headers["location"]) == (303, form), "nothing has been sent yet"
    looked = sent(client, form, FORM | {"step": "check"}, [a_jpeg()])
    client.follow_redirects = False
    done = sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    assert (done.status_code, done.headers["location"]) == (303, receipt)
    with reading() as session:
        number = session.exec(select(Report.number)).one()
    for _ in range(2):
        shown = client.get(receipt)
        assert (shown.status_code, number in shown.text) == (200, True)
    for back in (client.get(form), sent(client, form, FORM | {"step": "check"}, [a_jpeg("red")])):
        assert (back.status_code, back.headers["location"]) == (303, receipt), (
            "the page before leads there, too"
        )
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Photo)).one() == 1
    assert reports() == 1


def test_a_photo_that_nobody_has_opened_yet_is_not_said_to_be_whole(client: TestClient) -> None:
    form = signed_in(client)
    whole = pictures.camera_jpeg(640, 480)
    looked = sent(
        client, form, FORM | {"step": "check"}, [whole, whole[: int(len(whole) * 0.6)], whole[:200]]
    )
    done = sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    assert "すべて届きました" not in done.text
    assert "3枚の写真は、受け取って中を確かめているところです" in done.text
    develop_all()
    later = client.get(done.url.path).text
    for said in ("1枚の写真は、こわれていて開けません", "1枚の写真は、途中までしか届きません"):
        assert said in later
    assert "確かめているところ" not in later


def test_no_device_stays_signed_in_and_no_cookie_is_set(client: TestClient) -> None:
    form = signed_in(client)
    with reading() as session:
        assert session.exec(select(Device)).all() == []
    assert "set-cookie" not in client.get(form).headers


def test_the_place_of_a_link_is_kept_through_signing_in(client: TestClient) -> None:
    query = f"?lang=en&lat={WARD_OFFICE['lat']}&lon={WARD_OFFICE['lon']}"
    form = signed_in(client, query)
    page = client.get(form).text
    assert f'value="{WARD_OFFICE["lat"]}"' in page
    assert "Post a report" in page
    in_japanese = escape(f"?{query.removeprefix('?lang=en&')}&lang=ja")
    assert f'href="{in_japanese}"' in page, "the place stays when the language is changed"
    assert f'href="{in_japanese}"' in client.get(f"/l/report{query}").text
    place = {"town": "", "lat": str(WARD_OFFICE["lat"]), "lon": str(WARD_OFFICE["lon"])}
    assert "豊玉北六丁目" in sent(client, form, FORM | place | {"step": "check"}).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"category": ""}, "種類をえらんでください"),
        ({"town": ""}, "場所をえらんでください"),
        ({"description": ""}, "ようすを書いてください"),
        ({"eligibility": ""}, "どれか1つ"),
        ({"lat": "35.6938", "lon": "139.7034"}, "区の外"),
        ({"category": "lamp.unknown"}, "種類"),
        ({"category": "'; DROP TABLE report"}, "種類"),
        ({"lat": "nan", "lon": "139.6"}, "正しくありません"),
        ({"town": "存在しない町"}, "正しくありません"),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    client: TestClient, changed: dict[str, str], words: str
) -> None:
    form = signed_in(client)
    answer = sent(client, form, FORM | changed | {"step": "check"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    if "description" not in changed:
        assert FORM["description"] in answer.text


def test_a_photo_that_came_is_not_asked_for_again(client: TestClient) -> None:
    form = signed_in(client)
    answer = sent(client, form, FORM | {"category": "", "step": "check"}, [a_jpeg("red"), a_jpeg("blue")])
    assert answer.status_code == 422
    assert "写真を2枚受け取りました" in answer.text
    kept = Hidden(answer.text).fields["photo_ids"]
    assert len(kept) == 2
    looked = sent(client, form, FORM | {"photo_ids": kept, "step": "check"})
    assert Hidden(looked.text).fields["photo_ids"] == kept


def test_what_is_no_photo_is_refused_kindly(client: TestClient) -> None:
    form = signed_in(client)
    answer = sent(client, form, FORM | {"step": "check"}, [b"<script>alert(1)</script>"])
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_somebody_else_s_photo_cannot_be_sent(client: TestClient) -> None:
    mine = signed_in(client)
    sent(client, mine, FORM | {"step": "check"}, [a_jpeg()])
    with reading() as session:
        photo_id = str(session.exec(select(Photo.id)).one())
    taro = a_reporter(email="taro@example.jp")
    theirs = f"/l/report/{links.make(Purpose.REPORT, uuid7(), taro.id)}"
    answer = sent(client, theirs, FORM | {"photo_ids": [photo_id], "step": "send"})
    assert answer.status_code == 422
    assert reports() == 0


def as_it_was_left(page: str) -> bool:
    """Is all that was typed into FORM still there?"""
    chosen = ('value="lamp.out" selected', "selected>豊玉北六丁目", 'value="lives" checked')
    return all(each in page for each in (*chosen, FORM["landmark"], FORM["description"]))


def test_three_photos_of_the_largest_cameras_are_taken(client: TestClient) -> None:
    form = signed_in(client)
    assert "1枚20MBまで" in client.get(form).text
    photos = [a_jpeg(colour) + bytes(16_000_000) for colour in ("red", "green", "blue")]
    looked = sent(client, form, FORM | {"step": "check"}, photos)
    assert (looked.status_code, "写真を3枚" in looked.text) == (200, True)


def test_one_photo_that_is_too_large_costs_neither_the_words_nor_the_others(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = signed_in(client)
    monkeypatch.setattr(announce, "offered", lambda: Offered(photo_bytes=100_000))
    photos = [a_jpeg("red"), a_jpeg("green") + bytes(100_000), b"no picture", b"", a_jpeg("blue")]
    answer = sent(client, form, FORM | {"step": "send"}, photos)
    assert (answer.status_code, reports()) == (422, 0)
    assert as_it_was_left(answer.text)
    at_field = answer.text.partition('id="photos-fault"')[2].partition("</ul>")[0]
    for name, said in (("1.jpg", "大きすぎます"), ("2.jpg", "この種類の写真"), ("3.jpg", "中身がありません")):
        assert re.search(f"{name}</bdi>: [^<]*{said}", at_field), at_field
    kept = Hidden(answer.text).fields["photo_ids"]
    assert len(kept) == 2
    assert sent(client, form, FORM | {"photo_ids": kept, "step": "send"}).status_code == 200


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_form_that_is_too_large_together_comes_back_with_its_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, is_announced: bool
) -> None:
    form = signed_in(client)
    monkeypatch.setattr(report_form, "LARGEST_FORM", 300_000)
    fields = FORM | {"step": "check"}
    files = [("photos", (f"{at}.jpg", a_jpeg() + bytes(200_000), "image/jpeg")) for at in range(3)]
    request = client.build_request("POST", form, data=fields, files=files)
    body = request.read()
    content = body if is_announced else (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    answer = client.post(form, content=content, headers={"Content-Type": request.headers["content-type"]})
    assert answer.status_code == 422
    assert as_it_was_left(answer.text)
    assert "写真が大きすぎて" in answer.text.partition('id="photos-fault"')[2]
    assert sent(client, form, fields, [a_jpeg()]).status_code == 200


def test_of_more_photos_than_a_report_takes_the_first_are_kept(client: TestClient) -> None:
    form = signed_in(client)
    colours = ("red", "green", "blue", "white", "black", "grey")
    answer = sent(client, form, FORM, [a_jpeg(colour) for colour in colours])
    assert answer.status_code == 422
    assert as_it_was_left(answer.text)
    assert "5.jpg</bdi>: 写真は5枚まで" in answer.text
    kept = Hidden(answer.text).fields["photo_ids"]
    assert len(kept) == 5
    more = sent(client, form, FORM | {"photo_ids": kept}, [a_jpeg("pink")])
    assert (more.status_code, Hidden(more.text).fields["photo_ids"]) == (422, kept)
    assert sent(client, form, FORM | {"photo_ids": kept, "step": "send"}).status_code == 200


def test_words_stand_before_the_photos_in_what_a_browser_sends(client: TestClient) -> None:
    names = re.findall(r'name="([a-z_]+)"', client.get(signed_in(client)).text)
    assert names[-2:] == ["photos", "step"]


def test_a_form_that_is_no_form_is_asked_for_again(client: TestClient) -> None:
    form = signed_in(client)
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "text/plain"):
        answer = client.post(form, content=b"--y\r\n\r\n", headers={"Content-Type": kind})
        assert (answer.status_code, 'name="description"' in answer.text) == (422, True)


def test_a_wrong_code_may_be_tried_again_and_an_old_link_leads_nowhere(client: TestClient) -> None:
    asked = client.post("/l/report", data={"email": HANAKO})
    wrong = client.post("/l/report-code", data=Hidden(asked.text).fields | {"code": "abc"})
    assert wrong.status_code == 422
    assert 'name="code"' in wrong.text
    assert client.get("/l/report/nonsense").status_code == 404
    assert sent(client, "/l/report/nonsense", FORM).status_code == 404
    other_purpose = links.make(Purpose.ANSWER, uuid7(), a_reporter(email="taro@example.jp").id)
    assert client.get(f"/l/report/{other_purpose}").status_code == 404


def test_the_link_to_the_form_is_good_for_two_hours(client: TestClient) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        form = signed_in(client)
        travel.shift(timedelta(hours=2) - timedelta(seconds=1))
        assert client.get(form).status_code == 200
        travel.shift(timedelta(seconds=1))
        assert client.get(form).status_code == 410


def test_opening_a_link_changes_nothing(client: TestClient) -> None:
    form = signed_in(client)
    for _ in range(2):
        assert client.get(form).status_code == 200
        assert client.head(form).status_code == 200
    assert client.get("/l/report").status_code == 200
    assert reports() == 0


def test_what_was_typed_is_shown_as_words_and_never_as_a_program(client: TestClient) -> None:
    form = signed_in(client)
    answer = sent(client, form, FORM | {"description": "<script>alert(1)</script>", "step": "check"})
    assert "<script" not in answer.text
    assert re.search("&lt;script", answer.text)


def test_another_language_on_the_page_of_the_code_begins_again(client: TestClient) -> None:
    assert "Post a report" in client.get("/l/report-code?lang=en").text


def test_an_address_that_is_none_is_asked_for_again(client: TestClient) -> None:
    answer = client.post("/l/report", data={"email": "hanako"})
    assert answer.status_code == 422
    assert 'value="hanako"' in answer.text


def test_nothing_that_was_typed_is_lost_while_the_database_is_away(client: TestClient) -> None:
    form = signed_in(client)
    with statements_that_raise(PoolExhausted("no connection")):
        busy = sent(client, form, FORM | {"step": "check"}, [a_jpeg()])
        assert busy.status_code == 503
        assert int(busy.headers["retry-after"]) > 0
        assert "何も失われていません" in busy.text
        assert "写真は、次の画面でもう一度" in busy.text
        assert client.get(form).status_code == 503
    again = client.post(form, data=Hidden(busy.text).fields)
    assert again.status_code == 200
    assert FORM["description"] in again.text
    done = client.post(form, data=Hidden(again.text).fields | {"step": "send"})
    assert reports() == 1, done.text


def test_the_page_of_the_code_says_what_became_of_its_letter(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Hidden(client.post("/l/report", data={"email": HANAKO}).text).fields
    look = asked | {"look": "letter"}
    assert "まだ送っているところ" in client.post("/l/report-code", data=look).text
    with moody(monkeypatch) as server:
        server.to_recipient = ["550 no such mailbox"]
        mail_code(asked["challenge_id"][0])
    for typed in (look, asked | {"code": "000000"}):
        refused = client.post("/l/report-code", data=typed)
        assert refused.status_code == 422
        assert "届けられませんでした" in refused.text
        assert f'value="{HANAKO}"' in refused.text, "the address is there to be mended"


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.03, "こわれていて開けません"), (0.6, "途中までしか届きません"), (1, "すべて届きました")],
)
def test_the_receipt_says_what_became_of_each_photo(client: TestClient, share: float, said: str) -> None:
    form, whole = signed_in(client), pictures.camera_jpeg(640, 480)
    looked = sent(client, form, FORM | {"step": "check"}, [whole[: int(len(whole) * share)]])
    with reading() as session:
        photo_id = session.exec(select(Photo.id)).one()
    outcome = process.develop(photo_id)
    assert outcome
    with transaction() as session:
        process.settle(session, photo_id, outcome)
    done = sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    assert (done.status_code, said in done.text) == (200, True), done.text
    assert ("すべて届きました" in done.text) == (share == 1)


@pytest.mark.parametrize(
    ("sent_at", "at_first", "an_hour_later"),
    [
        ("2026-11-27 16:30", "今は職員が読んでいる時間です", "2026年11月30日(月) 08:30から"),
        ("2026-11-30 07:45", "2026年11月30日(月) 08:30から", "今は職員が読んでいる時間です"),
    ],
)
def test_a_receipt_that_is_shown_again_says_what_is_so_then(
    client: TestClient, sent_at: str, at_first: str, an_hour_later: str
) -> None:
    with time_machine.travel(datetime.fromisoformat(sent_at).replace(tzinfo=clock.JST), tick=False) as clocks:
        form = signed_in(client)
        looked = sent(client, form, FORM | {"step": "check"})
        for said in (at_first, an_hour_later):
            done = sent(client, form, Hidden(looked.text).fields | {"step": "send"})
            assert said in done.text, done.text
            assert done.text.count("職員が読") == 1
            clocks.shift(timedelta(hours=1))


NERIMA_BY_PHOTO = pictures.camera_jpeg(640, 480, exif=pictures.camera_exif(place=pictures.NERIMA))
FARTHER = pictures.camera_jpeg(
    640, 480, exif=pictures.camera_exif(place=(pictures.NERIMA[0] + 0.01, pictures.NERIMA[1]))
)
WITHOUT_PLACE = FORM | {"town": ""}


def develop_all() -> list[str]:
    """Let every photo be opened; their ids, in the order in which they came."""
    with reading() as session:
        ids = list(session.exec(select(Photo.id).order_by(col(Photo.announced_at))))
    for photo_id in ids:
        outcome = process.develop(photo_id)
        if outcome:
            with transaction() as session:
                process.settle(session, photo_id, outcome)
    return [str(each) for each in ids]


def test_where_no_place_was_given_the_photo_s_is_used(client: TestClient) -> None:
    form = signed_in(client)
    asked = sent(client, form, WITHOUT_PLACE | {"step": "check"}, [NERIMA_BY_PHOTO])
    assert "場所" in asked.text, "it has not been opened yet"
    develop_all()
    looked = sent(client, form, Hidden(asked.text).fields | WITHOUT_PLACE | {"step": "check"})
    assert "写真をとった場所" in looked.text
    assert "豊玉北" in looked.text
    done = sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    assert done.status_code == 200, done.text
    with reading() as session:
        original = session.exec(select(ReportOriginal)).one()
        report = session.exec(select(Report)).one()
    assert original.location_source == "photo"
    assert (report.town or "").startswith("豊玉北")


def test_a_town_that_was_chosen_goes_before_the_photo_s_place(client: TestClient) -> None:
    form = signed_in(client)
    looked = sent(client, form, FORM | {"town": "練馬一丁目", "step": "check"}, [NERIMA_BY_PHOTO])
    develop_all()
    sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    with reading() as session:
        assert session.exec(select(ReportOriginal.location_source)).one() == "town"


@pytest.mark.parametrize("at", [0, 1])
def test_photos_taken_far_apart_ask_whose_place_is_meant(client: TestClient, at: int) -> None:
    form = signed_in(client)
    first = sent(client, form, WITHOUT_PLACE | {"step": "check"}, [NERIMA_BY_PHOTO, FARTHER])
    ids = develop_all()
    asked = sent(client, form, Hidden(first.text).fields | WITHOUT_PLACE | {"step": "check"})
    assert asked.status_code == 422
    assert "たがいにはなれています" in asked.text
    chosen = Hidden(asked.text).fields | WITHOUT_PLACE | {"photo_place": ids[at], "step": "check"}
    looked = sent(client, form, chosen)
    assert looked.status_code == 200
    sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    with reading() as session:
        lat = session.exec(select(func.ST_Y(sqlalchemy.cast(col(Report.location), Geometry)))).one()
    assert lat == pytest.approx(pictures.NERIMA[0] + 0.01 * at, abs=1e-4)


@pytest.mark.parametrize("place", [(35.4437, 139.638), None], ids=["in Yokohama", "rough"])
def test_a_place_that_cannot_be_meant_is_not_taken_by_itself(
    client: TestClient, place: tuple[float, float] | None
) -> None:
    exif = pictures.camera_exif(place=place or pictures.NERIMA)
    if place is None:
        exif.get_ifd(IFD.GPSInfo)[GPS.GPSHPositioningError] = 400.0
    form = signed_in(client)
    first = sent(client, form, WITHOUT_PLACE | {"step": "check"}, [pictures.camera_jpeg(640, 480, exif=exif)])
    develop_all()
    asked = sent(client, form, Hidden(first.text).fields | WITHOUT_PLACE | {"step": "check"})
    assert asked.status_code == 422
    assert "写真1の場所を使う" in asked.text
    assert reports() == 0


def test_a_kept_photo_can_be_taken_out_again_with_its_place(client: TestClient) -> None:
    form = signed_in(client)
    asked = sent(client, form, WITHOUT_PLACE | {"step": "check"}, [NERIMA_BY_PHOTO, a_jpeg()])
    with_place, other = develop_all()
    again = sent(client, form, Hidden(asked.text).fields | WITHOUT_PLACE | {"step": "change"})
    for photo_id in (with_place, other):
        assert f'name="without" value="{photo_id}"' in again.text
    left = Hidden(again.text).fields | WITHOUT_PLACE | {"without": with_place, "step": "check"}
    without = sent(client, form, left)
    assert without.status_code == 422, "the place has gone with it"
    assert Hidden(without.text).fields["photo_ids"] == [other]
    looked = sent(client, form, Hidden(without.text).fields | FORM | {"step": "check"})
    sent(client, form, Hidden(looked.text).fields | {"step": "send"})
    with reading() as session:
        assert [str(each) for each in session.exec(select(ReportPhoto.photo_id))] == [other]


def test_somebody_else_s_photo_tells_no_place(client: TestClient) -> None:
    form = signed_in(client)
    sent(client, form, WITHOUT_PLACE | {"step": "check"}, [NERIMA_BY_PHOTO])
    (theirs,) = develop_all()
    with transaction() as session:
        session.get_one(Photo, UUID(theirs)).owner_id = a_reporter(email="taro@example.jp").id
    asked = sent(client, form, WITHOUT_PLACE | {"photo_ids": theirs, "step": "check"})
    assert asked.status_code == 422
    assert "写真1の場所" not in asked.text


def test_the_form_waits_a_moment_for_a_photo_that_is_just_being_opened(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_places, "PATIENCE", 3.0)
    monkeypatch.setattr(photo_places, "sleep", lambda _: develop_all())
    form = signed_in(client)
    looked = sent(client, form, WITHOUT_PLACE | {"step": "check"}, [NERIMA_BY_PHOTO])
    assert looked.status_code == 200
    assert "写真をとった場所" in looked.text


def test_the_photos_themselves_are_shown_before_sending_and_beside_the_way_to_take_one_out(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_places, "PATIENCE", 3.0)
    monkeypatch.setattr(photo_places, "sleep", lambda _: develop_all())
    form = signed_in(client)
    refused = sent(client, form, FORM | {"step": "check"}, [a_jpeg(), b"no picture"])
    kept = refused.text.partition('name="without"')[2].partition("</label>")[0]
    looked = sent(client, form, FORM | Hidden(refused.text).fields | {"step": "check"})
    shown = looked.text.partition('<ul class="photos">')[2].partition("</ul>")[0]
    assert 'alt="写真 1"' in shown
    for each in (kept, shown):
        (address,) = re.findall(r'<img class="kept" src="([^"]+)"', each)
        assert client.get(unescape(address)).headers["content-type"].startswith("image/")
