"""Posting from a browser, on a phone of 360 pixels, against the whole service on a real port."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import select

from nerirepo.catalogue.read import ward
from nerirepo.catalogue.terms import terms_version
from nerirepo.database.db import reading, transaction
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reporters.sign_in import code_of
from nerirepo.reporters.tables import Challenge, Reporter
from nerirepo.reports.follow import follow
from nerirepo.reports.status import Status
from nerirepo.reports.tables import Feedback, Follow, Report, ReportEvent, ReportPhoto
from tests.factories import a_member as a_member_of_staff
from tests.factories import a_reporter, take_action
from tests.factories.public_reports import MONDAY, add_report, publish_now
from tests.support.axe import AXE
from tests.support.breadth import breadth
from tests.support.pictures import NERIMA, camera_exif, camera_jpeg
from tests.web_public.posting.form import (
    HANAKO,
    OFFICE,
    PATIENCE_MS,
    READ_DRAFT,
    SHINJUKU,
    SMALL_PHONE,
    choose_kind,
    fill_in,
    onward,
    open_form,
    say_lives_here,
    sent,
    sign_in,
    the_report,
    to_the_place,
)

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_a_resident_posts_a_photo_for_the_first_time_and_finds_it_again(phone: Page, photo: Path) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="投稿する").first.click()
    expect(phone.locator("#step-photo")).to_be_visible()
    phone.set_input_files("#album", photo)
    expect(phone.get_by_role("img", name="写真 1")).to_be_visible()
    onward(phone)
    choose_kind(phone, kind="道路の穴・へこみ")
    expect(phone.locator("#emergency")).to_contain_text("110番")
    phone.get_by_label("お盆くらい").check()
    onward(phone)
    expect(phone.locator("#found")).to_contain_text("担当: 道路担当")
    onward(phone)
    phone.get_by_role("textbox", name="ようすを教えてください").fill("自転車があぶないです。")
    onward(phone)
    expect(phone.locator("#summary")).to_contain_text("豊玉北六丁目")
    phone.get_by_role("button", name="送る", exact=True).click()
    sign_in(phone)
    say_lives_here(phone)
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    expect(phone.get_by_text("すべて届きました")).to_be_visible()
    report, original = the_report()
    expect(phone.locator("#done-number")).to_have_text(f"受付番号 {report.number}")
    expect(phone.locator("#done-receipt")).to_contain_text("大きさはどのくらいですかお盆くらい")
    assert report.category_code == "road.pothole"
    with reading() as session:
        assert session.exec(select(Reporter.terms_version)).one() == terms_version(ward(session))
    assert original.answers == {"size": "tray"}
    assert original.location_source == "photo"
    assert original.location_confirmed
    assert original.observed_at
    assert original.observed_at.isoformat() == "2026-11-20T10:32:07+00:00"
    with reading() as session:
        sent = session.exec(select(Photo)).one()
    assert sent.state is PhotoState.RECEIVED
    assert sent.bytes <= 500_000
    phone.get_by_role("link", name="じぶんの投稿").first.click()
    phone.get_by_text(report.number).click()
    expect(phone.get_by_text("自転車があぶないです。")).to_be_visible()


def test_where_the_camera_was_is_offered_before_where_the_phone_is(
    phone: Page, context: BrowserContext, tmp_path: Path
) -> None:
    context.set_geolocation({"latitude": 35.75, "longitude": 139.6, "accuracy": 5})
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(camera_jpeg(800, 600, exif=camera_exif()))
    open_form(phone)
    phone.set_input_files("#camera", photo)
    expect(phone.locator("#pictures img")).to_be_visible()
    onward(phone)
    choose_kind(phone)
    onward(phone)
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    draft = phone.evaluate(READ_DRAFT)
    assert (round(draft["place"]["lat"], 5), round(draft["place"]["lon"], 5)) == tuple(
        round(each, 5) for each in NERIMA
    )
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#found")).not_to_contain_text("豊玉北六丁目")


def test_a_post_without_a_network_is_kept_and_sent_when_it_is_back(
    phone: Page, context: BrowserContext
) -> None:
    a_reporter()
    fill_in(phone)
    context.set_offline(True)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_role("heading", name="保存しました")).to_be_visible()
    expect(phone.get_by_text("電波がありません。")).to_be_visible()
    context.set_offline(False)
    phone.goto("/me")
    expect(phone.get_by_text("この端末に保存しました。メールで確認すると送ります。")).to_be_visible()
    sign_in(phone)
    expect(phone.locator("#reports li")).to_have_count(1)
    expect(phone.locator("#waiting")).to_be_hidden()
    assert the_report()[1].description == "3日前から消えています。"


def test_a_signed_in_phone_sends_by_itself_when_the_network_comes_back(
    phone: Page, context: BrowserContext
) -> None:
    a_reporter()
    phone.goto("/me")
    sign_in(phone)
    expect(phone.locator("#mine")).to_be_visible()
    fill_in(phone)
    context.set_offline(True)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_text("電波がもどったら送ります。")).to_be_visible()
    context.set_offline(False)
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    assert the_report()


def test_the_page_opens_without_a_network_once_it_has_been_seen(phone: Page, context: BrowserContext) -> None:
    open_form(phone)
    expect(phone.locator("html")).to_have_attribute("data-kept", "yes")
    context.set_offline(True)
    phone.goto("/report")
    expect(phone.get_by_text("電波がありません。")).to_be_visible()
    onward(phone)
    choose_kind(phone)
    expect(phone.locator("#questions")).to_be_visible()


def test_what_was_filled_in_outlives_the_page(phone: Page) -> None:
    fill_in(phone, "消えないでほしい")
    phone.reload()
    onward(phone)
    expect(phone.get_by_label("街路灯が消えている", exact=True)).to_be_checked()
    onward(phone)
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    onward(phone)
    expect(phone.get_by_role("textbox", name="ようすを教えてください")).to_have_value("消えないでほしい")
    phone.go_back()
    expect(phone.get_by_role("heading", name="どこですか")).to_be_visible()


def test_a_place_outside_the_ward_is_not_sent_but_told_whose_it_is(
    phone: Page, context: BrowserContext
) -> None:
    context.set_geolocation(SHINJUKU)
    to_the_place(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#found .fault")).to_contain_text("区の外")
    onward(phone)
    expect(phone.locator("#place-fault")).to_contain_text("送れません")
    expect(phone.get_by_role("heading", name="どこですか")).to_be_visible()


def test_the_pin_is_moved_by_tapping_the_map_and_by_buttons(phone: Page) -> None:
    to_the_place(phone, "/report?lat=35.7356&lon=139.6522")
    expect(phone.locator("#map svg")).to_be_visible()
    phone.get_by_role("button", name="北へ").click()
    north = phone.evaluate(READ_DRAFT)["place"]
    assert north["lat"] == pytest.approx(35.7356 + 60 / 111_320, abs=2e-6)
    assert north["source"] == "map"
    box = phone.locator("#map").bounding_box()
    assert box
    phone.locator("#map").click(position={"x": box["width"] * 3 / 4, "y": box["height"] / 2})
    expect(phone.locator("#found")).to_contain_text("担当")
    east = phone.evaluate(READ_DRAFT)["place"]
    assert east["lon"] - north["lon"] == pytest.approx(150 / 90_370, rel=0.02)


def test_somebody_who_sees_the_same_thing_follows_instead_of_posting(phone: Page) -> None:
    with transaction() as session:
        known = add_report(session, category_code="lamp.out")
    publish_now(known.id)
    to_the_place(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.get_by_role("heading", name="これと同じではありませんか")).to_be_visible()
    phone.get_by_role("button", name="これです。見守る").click()
    sign_in(phone)
    expect(phone.get_by_text(f"{known.number} の進みぐあいを")).to_be_visible()
    with reading() as session:
        assert session.exec(select(Follow.report_id)).one() == known.id


def test_a_post_that_cannot_be_taken_says_why_and_can_be_changed(
    phone: Page, context: BrowserContext, work: Callable[[], None]
) -> None:
    """Its place could not be looked up without a network, and lies outside."""
    a_reporter()
    phone.goto("/me")
    sign_in(phone)
    open_form(phone)
    onward(phone)
    choose_kind(phone)
    context.set_offline(True)
    context.set_geolocation(SHINJUKU)
    onward(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#found")).not_to_be_empty(timeout=30_000)
    onward(phone)
    phone.get_by_role("textbox", name="ようすを教えてください").fill("遠くのものです")
    onward(phone)
    phone.get_by_role("button", name="送る", exact=True).click()
    context.set_offline(False)
    expect(phone.locator("#done-words")).to_contain_text("受け付けられませんでした", timeout=30_000)
    context.set_geolocation(OFFICE)
    phone.goto("/me")
    phone.get_by_role("button", name="なおして送りなおす").click()
    expect(phone.get_by_role("heading", name="どこですか")).to_be_visible()
    expect(phone.locator("#place-fault")).to_contain_text("区の外")
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    onward(phone)
    onward(phone)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    assert the_report()[1].description == "遠くのものです"


def test_on_their_own_page_people_answer_choose_take_their_data_and_erase_themselves(
    phone: Page, context: BrowserContext
) -> None:
    a_reporter()
    report = sent(phone)
    take_action(a_member_of_staff(), str(report.id), "ask", public_note="電柱の番号を教えてください。")

    phone.goto("/me")
    phone.get_by_text(report.number).click()
    expect(phone.get_by_text("電柱の番号を教えてください。").first).to_be_visible()
    phone.get_by_label("区からの質問に答える").fill("12番です")
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.locator(".timeline")).to_contain_text("12番です")

    phone.get_by_label("進みぐあいをメールで受け取る").uncheck()
    phone.get_by_label("メールのことば").select_option("en")
    phone.get_by_role("button", name="保存する").click()
    expect(phone.get_by_text("保存しました。")).to_be_visible()
    with reading() as session:
        hanako = session.exec(select(Reporter)).one()
    assert (hanako.mail_updates, hanako.locale) == (False, "en")

    with phone.expect_download() as download:
        phone.get_by_role("button", name="情報を受け取る").click()
    everything = json.loads(Path(download.value.path()).read_text())
    assert "12番です" in json.dumps(everything, ensure_ascii=False)

    phone.get_by_text("登録と情報を消す").click()
    expect(phone.get_by_role("button", name="すべて消す")).to_be_disabled()
    phone.get_by_label("もとにもどせないことがわかりました").check()
    phone.get_by_role("button", name="すべて消す").click()
    expect(phone.get_by_role("heading", name="消しました")).to_be_visible()
    with reading() as session:
        assert session.exec(select(Reporter)).all() == []


def test_an_answer_and_not_fixed_can_have_photos(phone: Page, context: BrowserContext, photo: Path) -> None:
    a_reporter()
    report = sent(phone)

    phone.goto("/me")
    phone.get_by_text(report.number).click()
    phone.get_by_label("付け足すこと").fill("北の角です")
    phone.get_by_label("写真をつける").set_input_files([photo] * 6)
    expect(phone.get_by_text("写真は5枚までです。")).to_be_visible()
    expect(phone.locator("#reports .pictures img")).to_have_count(5, timeout=PATIENCE_MS)
    for number in (5, 4, 3, 2):
        phone.get_by_role("button", name=f"写真{number}を取り消す").click()
    expect(phone.get_by_text("写真は5枚までです。")).to_be_hidden()
    context.set_offline(True)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_text("電波がありません。つながるところで")).to_be_visible(timeout=PATIENCE_MS)
    context.set_offline(False)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.locator(".timeline")).to_contain_text("北の角です", timeout=PATIENCE_MS)
    take_action(
        a_member_of_staff(), str(report.id), "resolve", public_note="直した。", no_photo_reason="dark"
    )

    phone.reload()
    phone.get_by_text(report.number).click()
    phone.get_by_label("写真をつける").set_input_files(photo)
    expect(phone.locator("#reports .pictures button")).to_have_count(1, timeout=PATIENCE_MS)
    phone.get_by_role("button", name="まだ直っていない").click()
    expect(phone.get_by_text("教えてくださって、ありがとうございます。")).to_be_visible(timeout=PATIENCE_MS)
    expect(phone.locator("#reports summary .state")).to_have_class("state during")
    with reading() as session:
        kinds = [
            event.kind
            for shown in session.exec(select(ReportPhoto).where(ReportPhoto.report_id == report.id))
            for event in session.exec(select(ReportEvent).where(ReportEvent.seq == shown.event_seq))
        ]
        states = [each.state for each in session.exec(select(Photo))]
    assert sorted(kinds) == ["comment", "reopen"]
    assert PhotoState.AWAITING not in states


def test_not_fixed_said_too_late_leads_to_a_new_report_that_names_the_old_one(phone: Page) -> None:
    a_reporter()
    report = sent(phone)
    desk = a_member_of_staff()
    take_action(desk, str(report.id), "resolve", public_note="直しました。", no_photo_reason="dark")
    with transaction() as session:
        closed = session.get_one(Report, report.id)
        assert closed.closed_at
        closed.closed_at -= timedelta(days=15)
    phone.goto("/me")
    phone.get_by_text(report.number).click()
    phone.get_by_role("button", name="まだ直っていない").click()
    phone.get_by_role("link", name="今のようすを投稿する").click()
    onward(phone)
    choose_kind(phone)
    onward(phone)
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    onward(phone)
    phone.get_by_role("textbox", name="ようすを教えてください").fill("また消えました。")
    onward(phone)
    expect(phone.locator("#summary")).to_contain_text(report.number)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    with reading() as session:
        named = [each.facts.get("earlier") for each in session.exec(select(ReportEvent))]
    assert named.count(report.number) == 1


def test_somebody_who_follows_says_whether_it_is_fixed(phone: Page) -> None:
    with transaction() as session:
        known = add_report(session, status=Status.RESOLVED, closed_at=MONDAY)
        follow(session, known, a_reporter().id)
    publish_now(known.id)
    phone.goto("/me")
    sign_in(phone)
    phone.get_by_text(known.number).click()
    phone.get_by_role("button", name="直ってよかった").click()
    expect(phone.get_by_text("教えてくださって、ありがとうございます。")).to_be_visible()
    with reading() as session:
        assert session.exec(select(Feedback.is_fixed)).one() is True


def test_signing_out_leaves_nothing_on_the_phone(phone: Page) -> None:
    a_reporter()
    phone.goto("/me")
    sign_in(phone)
    phone.get_by_role("button", name="この端末からログアウトする").click()
    expect(phone.get_by_label("メールアドレス")).to_be_visible()
    expect(phone.locator("#mine")).to_be_hidden()


@pytest.mark.parametrize("language", breadth("ja", "ja-easy", "en", "zh-Hans", "ko"))
def test_every_step_is_accessible_and_fits_a_small_phone(
    browser: Browser, service: str, photo: Path, language: str
) -> None:
    context = browser.new_context(
        base_url=service,
        viewport=SMALL_PHONE,
        bypass_csp=True,
        permissions=["geolocation"],
        geolocation=OFFICE,
    )
    phone = context.new_page()
    open_form(phone, f"/report?lang={language}")
    phone.set_input_files("#album", photo)
    expect(phone.locator("#pictures img")).to_be_visible()
    no_complaints(phone)
    onward(phone)
    phone.locator("#kinds summary").first.click()
    phone.locator("#kinds .option").first.click()
    no_complaints(phone)
    onward(phone)
    expect(phone.locator("#found .town")).to_be_visible()
    expect(phone.locator("#map svg")).to_be_visible()
    no_complaints(phone)
    onward(phone)
    phone.locator("#description").fill("穴")
    no_complaints(phone)
    onward(phone)
    no_complaints(phone)
    phone.locator("#send").click()
    expect(phone.locator("#email")).to_be_visible()
    no_complaints(phone)
    phone.goto(f"/me?lang={language}")
    expect(phone.locator("#email")).to_be_visible()
    no_complaints(phone)
    context.close()


def no_complaints(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE["width"]
    if not phone.evaluate("'axe' in window"):
        phone.add_script_tag(path=AXE)
    found: Any = phone.evaluate(
        "tags => axe.run({runOnly: tags, rules: {'target-size': {enabled: true}}})", WCAG
    )
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found["violations"]] == []


def test_easy_japanese_shows_how_words_are_read(phone: Page) -> None:
    open_form(phone, "/report?lang=ja-easy")
    onward(phone)
    phone.locator("#kinds summary").first.click()
    expect(phone.locator("#kinds ruby", has_text="穴").locator("rt").first).to_have_text("あな")


def test_everything_can_be_done_with_the_keyboard_alone(phone: Page) -> None:
    a_reporter()
    open_form(phone)
    press_until(phone, "#photo-next")
    phone.keyboard.press("Enter")
    press_until(phone, "summary")
    phone.keyboard.press("Enter")
    press_until(phone, "[name=kind]")
    phone.keyboard.press("Space")
    press_until(phone, "[data-to=place]")
    phone.keyboard.press("Enter")
    press_until(phone, "#use-here")
    phone.keyboard.press("Enter")
    expect(phone.locator("#found .town")).to_be_visible()
    press_until(phone, "[data-to=words]")
    phone.keyboard.press("Enter")
    press_until(phone, "#description")
    phone.keyboard.type("穴です")
    press_until(phone, "[data-to=check]")
    phone.keyboard.press("Enter")
    press_until(phone, "#send")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="メールで確認")).to_be_focused()
    press_until(phone, "#email")
    phone.keyboard.type(HANAKO)
    phone.keyboard.press("Enter")
    expect(phone.locator("#code")).to_be_visible()
    press_until(phone, "#code")
    with reading() as session:
        challenge = session.exec(select(Challenge.id)).one()
    phone.keyboard.type(code_of(challenge))
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_focused()


def press_until(phone: Page, selector: str) -> None:
    for _ in range(60):
        phone.keyboard.press("Tab")
        if phone.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_without_a_program_the_page_leads_to_the_plain_form(browser: Browser, service: str) -> None:
    context = browser.new_context(base_url=service, java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto("/report")
    expect(page.get_by_role("link", name=re.compile("かんたんな画面"))).to_be_visible()
    context.close()


def test_a_tap_where_no_map_is_drawn_chooses_no_place(phone: Page, context: BrowserContext) -> None:
    open_form(phone)
    onward(phone)
    choose_kind(phone)
    context.set_offline(True)
    onward(phone)
    expect(phone.locator("#no-map")).to_contain_text("いまいる場所を使う")
    for choose in (phone.locator("#map"), phone.get_by_role("button", name="北へ")):
        choose.click()
        expect(phone.locator("#place-fault")).to_contain_text("地図がまだ出ていません")
    onward(phone)
    expect(phone.locator("#place-fault")).to_have_text("場所をえらんでください。")
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#found")).to_contain_text("場所を入れました")
    expect(phone.locator("#no-map")).to_have_text("地図は、電波がもどると出ます。")
    expect(phone.locator("#place-fault")).to_be_hidden()
    onward(phone)
    phone.get_by_role("textbox", name="ようすを教えてください").fill("暗い")
    onward(phone)
    expect(phone.locator("#summary")).to_contain_text("いまいる場所（GPS）")


def test_the_map_comes_as_soon_as_there_is_a_network(phone: Page, context: BrowserContext) -> None:
    open_form(phone)
    onward(phone)
    choose_kind(phone)
    context.set_offline(True)
    onward(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#no-map")).not_to_be_empty()
    context.set_offline(False)
    expect(phone.locator("#map svg .pin")).to_be_visible()
    expect(phone.locator("#no-map")).to_be_empty()
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")


def test_what_is_missing_is_not_said_any_more_once_it_is_there(phone: Page) -> None:
    open_form(phone)
    onward(phone)
    onward(phone)
    expect(phone.locator("#kind-fault")).to_be_visible()
    choose_kind(phone)
    expect(phone.locator("#kind-fault")).to_be_hidden()
    onward(phone)
    expect(phone.locator("#map svg")).to_be_visible()
    onward(phone)
    expect(phone.locator("#place-fault")).to_be_visible()
    phone.locator("#map").click()
    expect(phone.locator("#place-fault")).to_be_hidden()
    onward(phone)
    onward(phone)
    expect(phone.locator("#words-fault")).to_be_visible()
    phone.get_by_role("textbox", name="ようすを教えてください").fill("暗い")
    expect(phone.locator("#words-fault")).to_be_hidden()


def test_lines_of_the_picking_map_are_thin_from_far_and_wide_from_near(phone: Page) -> None:
    to_the_place(phone)
    roads = phone.locator("#map path.roads").first
    boundary = phone.locator("#map path.boundary").first
    expect(roads).to_have_css("stroke-width", "3.5px")
    expect(boundary).to_have_css("stroke-width", "2px")
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(roads).to_have_css("stroke-width", "9px")


def test_one_finger_pushes_the_map_two_stretch_it_and_neither_moves_the_pin(
    phone: Page, context: BrowserContext
) -> None:
    phone.emulate_media(reduced_motion="reduce")  # nothing scrolls away under the fingers
    to_the_place(phone, "/report?lat=35.7356&lon=139.6522")
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    box = phone.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = context.new_cdp_session(phone)

    def move(*ways: list[tuple[float, float]]) -> dict[str, float]:
        """Fingers along their ways; what is asked for then."""
        with phone.expect_response(re.compile("/report/map")) as drawn:
            for step, kind in enumerate(["touchStart", *["touchMove"] * (len(ways[0]) - 1)]):
                points = [{"x": way[step][0], "y": way[step][1], "id": at} for at, way in enumerate(ways)]
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", drawn.value.url)}

    pushed = move([(x, y), (x + 30, y), (x + 80, y)])
    west = (139.6522 - pushed["lon"]) * 90_370
    assert west == pytest.approx(80 * 600 / box["width"], rel=0.05)
    assert pushed["half"] == 300
    expect(phone.locator("#map svg")).not_to_have_attribute("style", re.compile("transform"))
    stretched = move([(x - 20, y), (x - 40, y), (x - 60, y)], [(x + 20, y), (x + 40, y), (x + 60, y)])
    assert stretched["half"] == pytest.approx(100, rel=0.05)
    assert phone.evaluate("visualViewport.scale") == 1
    assert phone.evaluate(READ_DRAFT)["place"]["source"] == "link"
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")


def test_a_town_chosen_by_its_name_moves_the_map_and_a_tap_the_pin(phone: Page) -> None:
    to_the_place(phone)
    expect(phone.locator("#map svg")).to_be_visible()
    with phone.expect_response(re.compile("half=700")):
        phone.get_by_label("町をえらんで地図を動かす").select_option("大泉学園町六丁目")
    expect(phone.locator("#map")).to_have_attribute("data-from", "middle")
    expect(phone.locator("#found")).to_be_empty()
    phone.locator("#map").click()
    expect(phone.locator("#found")).to_contain_text("大泉学園町")


def test_choices_made_elsewhere_are_shown_and_not_overwritten(phone: Page, context: BrowserContext) -> None:
    """As by the link in a letter that stops all letters, or on another device."""
    a_reporter()
    phone.goto("/me")
    sign_in(phone)
    expect(phone.get_by_label("進みぐあいをメールで受け取る")).to_be_checked()
    with transaction() as session:
        session.exec(select(Reporter)).one().mail_updates = False
    phone.reload()
    expect(phone.get_by_label("進みぐあいをメールで受け取る")).not_to_be_checked()
    with transaction() as session:
        session.exec(select(Reporter)).one().mail_updates = True
    phone.get_by_label("メールのことば").select_option("ko")
    phone.get_by_role("button", name="保存する").click()
    expect(phone.get_by_text("保存しました。")).to_be_visible()
    expect(phone.get_by_label("進みぐあいをメールで受け取る")).to_be_checked()
    with reading() as session:
        hanako = session.exec(select(Reporter)).one()
    assert (hanako.mail_updates, hanako.locale) == (True, "ko")
    expect(phone.locator("html")).to_have_attribute("data-kept", "yes")
    context.set_offline(True)
    phone.reload()
    expect(phone.get_by_label("メールのことば")).to_have_value("ko")


def test_whoever_signs_in_or_says_something_is_never_left_at_the_page_s_beginning(phone: Page) -> None:
    """The focus goes on from what an action has brought, and not from the body."""
    a_reporter()
    phone.goto("/me")
    sign_in(phone)
    expect(phone.get_by_role("heading", name="送った投稿と、見守っている投稿")).to_be_focused()
    fill_in(phone)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_role("heading", name="受け付けました")).to_be_visible()
    phone.goto("/me")
    phone.get_by_text(the_report()[0].number).click()
    send = phone.get_by_role("button", name="送る", exact=True)
    send.click()
    expect(phone.locator("#reports [role=alert]", has_text="ようす")).to_be_visible()
    expect(send).to_be_focused()
    phone.get_by_label("付け足すこと").fill("北の角です")
    send.click()
    said = phone.locator("#reports [role=status]", has_text="送りました。")
    expect(said).to_be_focused()
    back = phone.get_by_role("button", name="投稿を取り下げる")
    # One listener for both: between two, the browser's driver answers by itself.
    sure = iter([False, True])
    phone.on("dialog", lambda asked: asked.accept() if next(sure) else asked.dismiss())
    back.click()
    expect(back).to_be_focused()
    back.click()
    expect(phone.locator("#reports [role=status]", has_text="取り下げました。")).to_be_focused()


def test_somebody_who_says_in_the_list_that_they_live_here_is_not_left_at_the_page_s_beginning(
    phone: Page, context: BrowserContext
) -> None:
    fill_in(phone)
    context.set_offline(True)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_role("heading", name="保存しました")).to_be_visible()
    context.set_offline(False)
    phone.goto("/me")
    sign_in(phone)
    phone.get_by_role("button", name="区との関わりを教える").click()
    say_lives_here(phone)
    expect(phone.get_by_role("heading", name="じぶんの投稿")).to_be_focused()


def test_a_photo_taken_out_by_the_keyboard_leaves_the_focus_on_its_step(phone: Page, photo: Path) -> None:
    open_form(phone)
    phone.set_input_files("#album", photo)
    phone.get_by_role("button", name="写真1を取り消す").press("Enter")
    expect(phone.locator("#photo-title")).to_be_focused()


def test_a_file_that_is_no_picture_is_refused_at_once_and_heic_is_not(phone: Page, tmp_path: Path) -> None:
    letter = tmp_path / "letter.jpg"
    letter.write_text("no picture at all")
    open_form(phone)
    phone.set_input_files("#album", letter)
    expect(phone.locator("#photo-fault")).to_contain_text("これは写真ではありません")
    expect(phone.locator("#pictures li")).to_have_count(0)
    heic = tmp_path / "IMG_0002.heic"
    heic.write_bytes(b"\0\0\0\x18ftypheic" + bytes(200))
    phone.set_input_files("#album", heic)
    expect(phone.locator("#pictures li")).to_have_count(1)
    expect(phone.locator("#photo-fault")).to_be_hidden()


def test_which_of_several_files_is_no_picture_is_said(phone: Page, photo: Path, tmp_path: Path) -> None:
    names = ("notes.txt", "list.csv")
    for name in names:
        (tmp_path / name).write_text("no picture at all")
    open_form(phone)
    phone.set_input_files("#album", [photo, *(tmp_path / name for name in names), photo])
    for name in names:
        expect(phone.locator("#photo-fault")).to_contain_text(f"{name}: これは写真ではありません")
    expect(phone.locator("#pictures li")).to_have_count(2)


def test_where_the_code_went_is_said_as_the_service_folds_it(phone: Page) -> None:
    phone.goto("/me")
    phone.get_by_label("メールアドレス").fill("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ ")
    phone.get_by_role("button", name="確認コードをメールでもらう").click()
    expect(phone.locator("#code-sent")).to_contain_text("hanako@example.jp に確認コードを送りました")
    assert phone.locator("#code-form").inner_text().count("いちばん新しいメール") == 1


def test_another_group_of_kinds_hides_what_was_chosen_but_not_its_name(phone: Page) -> None:
    open_form(phone)
    onward(phone)
    choose_kind(phone, kind="道路の穴・へこみ")
    phone.locator("#kinds summary").nth(1).click()
    expect(phone.get_by_label("道路の穴・へこみ", exact=True)).to_be_hidden()
    expect(phone.locator("#kinds summary").first).to_contain_text("道路の穴・へこみ")
    expect(phone.locator("#emergency")).to_be_visible()


def test_an_own_report_in_another_language_says_which_words_are_japanese(phone: Page) -> None:
    a_reporter()
    report = sent(phone)
    phone.goto("/me")
    expect(phone.locator("#reports")).to_contain_text("街路灯が消えている")
    phone.goto("/me?lang=en")
    expect(phone.locator("#reports")).to_contain_text("Street lamp out")
    phone.get_by_text(report.number).click()
    expect(phone.locator("#reports .said").first).to_have_attribute("lang", "ja")
    expect(phone.locator("#reports summary [lang=ja]")).to_have_text("豊玉北六丁目")


def test_the_public_page_of_an_own_report_opens_in_the_same_language(phone: Page) -> None:
    hanako = a_reporter()
    with transaction() as session:
        known = add_report(session)
        follow(session, known, hanako.id)
    publish_now(known.id)
    phone.goto("/me")
    sign_in(phone)
    phone.goto("/me?lang=en")
    phone.get_by_text(known.number).click()
    link = phone.get_by_role("link", name="The public page")
    expect(link).to_have_attribute("href", f"/reports/{known.number}?lang=en")


def test_a_picture_is_described_without_readings(phone: Page, photo: Path) -> None:
    open_form(phone, "/report?lang=ja-easy")
    phone.set_input_files("#album", photo)
    expect(phone.locator("#pictures img")).to_have_attribute("alt", "写真 1")


def test_a_button_of_the_map_is_not_underlined(phone: Page) -> None:
    """A line under the minus makes it an equals sign, and a finger leaves one there."""
    to_the_place(phone)
    phone.locator("#farther").hover()
    expect(phone.locator("#farther")).to_have_css("text-decoration-line", "none")


def test_an_own_report_looks_like_something_that_opens(phone: Page) -> None:
    hanako = a_reporter()
    with transaction() as session:
        follow(session, add_report(session), hanako.id)
    phone.goto("/me")
    sign_in(phone)
    expect(phone.locator("#reports summary")).to_have_count(1)
    marker = phone.evaluate(
        "getComputedStyle(document.querySelector('#reports summary'), '::after').borderBottomWidth"
    )
    assert marker == "3px"
