"""Photos that take long to be made smaller are waited for, or left out where their sender says so."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from nerirepo.database.db import reading
from nerirepo.photos.tables import Photo
from tests.support.pictures import camera_jpeg, heic
from tests.web_public.posting.form import PATIENCE_MS, choose_kind, onward, open_form, press_send, signed_in
from workers.run import drain

SLOW = """() => {
    const toBlob = HTMLCanvasElement.prototype.toBlob;
    const held = [];
    HTMLCanvasElement.prototype.toBlob = function (heard, ...how) {
        held.push(() => new Promise((done) => {
            toBlob.call(this, (blob) => (heard(blob), setTimeout(done)), ...how);
        }));
    };
    window.prepareOne = () => held.shift()?.();
    window.prepareAll = () => {
        HTMLCanvasElement.prototype.toBlob = toBlob;
        return Promise.all(held.map((make) => make()));
    };
}"""
"""Photos are made small only when the test says so."""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """So small that its first JPEG is small enough."""
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(camera_jpeg(800, 600))
    return path


def to_the_check(phone: Page) -> None:
    choose_kind(phone)
    onward(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    onward(phone)
    phone.get_by_role("textbox", name="ようすを教えてください").fill("穴です")
    onward(phone)


def test_photos_stand_in_the_list_at_once_and_the_next_step_waits_for_them(phone: Page, photo: Path) -> None:
    open_form(phone)
    phone.evaluate(SLOW)
    phone.set_input_files("#album", [photo] * 3)
    expect(phone.locator("#pictures li")).to_have_count(3)
    expect(phone.locator("#pictures img")).to_have_count(0)
    expect(phone.locator("#photo-status")).to_contain_text("3枚のうち0枚")
    expect(phone.locator("#photo-next")).to_have_text("写真の準備ができたら、つぎへ")
    onward(phone)
    expect(phone.locator("#photo-next")).to_have_attribute("aria-busy", "true")
    expect(phone.locator("#pictures .hint", has_text="小さくしています")).to_have_count(1)
    phone.evaluate("prepareOne()")
    expect(phone.locator("#pictures img")).to_have_count(1)
    expect(phone.locator("#step-photo")).to_be_visible()
    phone.evaluate("prepareAll()")
    expect(phone.locator("#step-kind")).to_be_visible()
    phone.get_by_role("button", name="もどる").click()
    expect(phone.locator("#pictures img")).to_have_count(3)
    expect(phone.locator("#photo-next")).to_have_text("つぎへ")


def to_the_check_with_two_unprepared(phone: Page, photo: Path) -> None:
    signed_in(phone)
    open_form(phone)
    phone.evaluate(SLOW)
    phone.set_input_files("#album", [photo] * 2)
    phone.get_by_role("button", name="2枚の準備がまだですが、先にすすむ").click()
    to_the_check(phone)


def test_send_waits_for_photos_that_are_prepared_meanwhile(phone: Page, photo: Path) -> None:
    to_the_check_with_two_unprepared(phone, photo)
    expect(phone.locator("#send-status")).to_contain_text("2枚を準備しています")
    press_send(phone)
    expect(phone.locator("#step-check")).to_be_visible()
    phone.evaluate("prepareAll()")
    expect(phone.get_by_text("すべて届きました")).to_be_visible(timeout=PATIENCE_MS)
    expect(phone.locator("#done-pictures li", has_text="届きました")).to_have_count(2)
    with reading() as session:
        assert len(session.exec(select(Photo)).all()) == 2


def test_a_photo_that_was_left_out_brings_no_sent_draft_back(phone: Page, photo: Path) -> None:
    to_the_check_with_two_unprepared(phone, photo)
    phone.evaluate("prepareOne()")
    phone.get_by_role("button", name="準備ができていない1枚をのぞいて送る").click()
    expect(phone.get_by_text("すべて届きました")).to_be_visible(timeout=PATIENCE_MS)
    expect(phone.locator("#done-pictures li")).to_have_count(1)
    phone.evaluate("prepareAll()")
    open_form(phone)
    expect(phone.locator("#pictures li")).to_have_count(0)
    expect(phone.locator("#unfinished")).to_be_hidden()
    expect(phone.locator("#continued")).to_be_hidden()
    with reading() as session:
        assert len(session.exec(select(Photo)).all()) == 1


def test_a_heic_is_shown_as_the_service_has_made_it_once_it_has_come(phone: Page, tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(heic(640, 480))
    signed_in(phone)
    open_form(phone)
    phone.locator("#album").set_input_files(tmp_path / "a.heic")
    expect(phone.locator("#pictures .no-preview")).to_be_visible()
    onward(phone)
    to_the_check(phone)
    press_send(phone)
    shown = phone.locator("#done-pictures")
    expect(shown).to_contain_text("届きました")
    expect(shown.locator(".no-preview")).to_be_visible()
    drain()
    image = shown.get_by_role("img", name="写真 1")
    expect(image).to_be_visible()
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") == 400
    expect(shown.locator(".no-preview")).to_have_count(0)


def test_the_receipt_says_of_a_photo_that_was_cut_off_that_it_came_in_part(
    phone: Page, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "whole.jpg", tmp_path / "cut.jpg"
    whole.write_bytes(camera_jpeg(800, 600))
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    signed_in(phone)
    open_form(phone)
    phone.set_input_files("#album", [whole, cut])
    expect(phone.locator("#pictures button")).to_have_count(2)
    onward(phone)
    to_the_check(phone)
    press_send(phone)
    expect(phone.locator("#done-pictures li", has_text="届きました")).to_have_count(2)
    drain()
    pictures = phone.locator("#done-pictures li")
    expect(pictures.nth(1)).to_contain_text("途中まで届きました")
    expect(pictures.nth(0).get_by_text("届きました", exact=True)).to_be_visible()
    expect(phone.locator("#done-words")).to_contain_text("1枚の写真は、途中までしか届きませんでした")
    expect(phone.locator("#done")).not_to_contain_text("すべて届きました")
