"""Where it is, whose it is and what is sent, told to the resident before sending."""

from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from nerirepo.words.language import LANGUAGES
from tests.factories import WARD_OFFICE
from tests.support.breadth import breadth
from tests.support.pictures import NERIMA, camera_exif, camera_jpeg, encoded, street
from tests.web_public.posting.form import SMALL_PHONE, choose_kind, onward, open_form

ROUGH = {"latitude": WARD_OFFICE["lat"], "longitude": WARD_OFFICE["lon"], "accuracy": 3000.0}
YOKOHAMA = {"latitude": 35.4437, "longitude": 139.6380, "accuracy": 10.0}
PRIVATE_ROAD = "/report?lat=35.7331&lon=139.6568"
FAR_AWAY = (NERIMA[0] + 0.02, NERIMA[1])


def to_the_place(phone: Page, address: str = "/report", kind: str = "街路灯が消えている") -> None:
    open_form(phone, address)
    onward(phone)
    choose_kind(phone, kind=kind)
    onward(phone)
    expect(phone.locator("#step-place")).to_be_visible()


def a_photo(folder: Path, name: str, place: tuple[float, float]) -> Path:
    (folder / name).write_bytes(camera_jpeg(400, 300, exif=camera_exif(place=place)))
    return folder / name


def pin(phone: Page) -> str:
    return phone.locator("#map .pin").get_attribute("transform") or ""


def pin_at_rest(phone: Page) -> str:
    """Once the map, which moves its middle to where it was tapped, has stopped."""
    at, before = pin(phone), ""
    while at != before:
        phone.wait_for_timeout(400)
        at, before = pin(phone), at
    return at


def test_a_rough_position_is_no_fact_before_the_person_has_put_the_pin_right(
    phone: Page, context: BrowserContext
) -> None:
    context.set_geolocation(ROUGH)
    to_the_place(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#accuracy")).to_contain_text("3000m")
    expect(phone.locator("#map .uncertain")).not_to_have_attribute("r", "0")
    expect(phone.locator("#found")).to_be_empty()
    onward(phone)
    expect(phone.locator("#place-fault")).to_contain_text("おおまか")
    phone.get_by_label("印の場所で合っています").check()
    expect(phone.locator("#found")).to_contain_text("豊玉北六丁目")
    onward(phone)
    expect(phone.locator("#step-words")).to_be_visible()


def test_a_photo_that_is_taken_out_takes_its_place_away(phone: Page, tmp_path: Path) -> None:
    open_form(phone)
    phone.locator("#album").set_input_files(a_photo(tmp_path, "a.jpg", NERIMA))
    expect(phone.locator("#pictures img")).to_have_count(1)
    onward(phone)
    choose_kind(phone)
    onward(phone)
    expect(phone.locator("#found")).to_contain_text("豊玉北")
    phone.go_back()
    phone.go_back()
    phone.get_by_role("button", name="1枚めを取り消す").or_(phone.locator("#pictures button")).first.click()
    expect(phone.locator("#pictures img")).to_have_count(0)
    onward(phone)
    onward(phone)
    expect(phone.locator("#step-place")).to_be_visible()
    onward(phone)
    expect(phone.locator("#place-fault")).to_contain_text("場所をえらんで")


def test_two_photos_far_apart_ask_which_place_is_meant(phone: Page, tmp_path: Path) -> None:
    open_form(phone)
    phone.locator("#album").set_input_files(
        [a_photo(tmp_path, "a.jpg", FAR_AWAY), a_photo(tmp_path, "b.jpg", NERIMA)]
    )
    expect(phone.locator("#pictures img")).to_have_count(2)
    onward(phone)
    choose_kind(phone)
    onward(phone)
    expect(phone.locator("#photos-differ")).to_be_visible()
    expect(phone.locator("#found")).to_be_empty()
    phone.get_by_role("button", name="写真2の場所を使う").click()
    expect(phone.locator("#found")).to_contain_text("豊玉北")


def test_a_position_that_comes_late_moves_no_pin_that_was_tapped(phone: Page) -> None:
    phone.add_init_script(
        "navigator.geolocation.getCurrentPosition = (found) => { window.late = () => "
        "found({coords: {latitude: 35.75, longitude: 139.6, accuracy: 8}}); };"
    )
    to_the_place(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#place-fault")).to_contain_text("まだわかりません", timeout=15_000)
    phone.locator("#map").click()
    expect(phone.locator("#found")).not_to_be_empty()
    put = pin_at_rest(phone)
    phone.evaluate("() => window.late()")
    expect(phone.locator("#accuracy")).to_be_hidden()
    assert pin_at_rest(phone) == put


def test_a_private_road_says_what_the_ward_cannot_do_and_promises_nothing(phone: Page) -> None:
    to_the_place(phone, PRIVATE_ROAD, "道路の穴・へこみ")
    expect(phone.locator("#found")).to_contain_text("区では直すことができません")
    expect(phone.locator("#found")).not_to_contain_text("引き継ぎます")


def test_a_place_that_no_neighbour_covers_is_outside_and_names_no_desk_of_ours(
    phone: Page, context: BrowserContext
) -> None:
    context.set_geolocation(YOKOHAMA)
    to_the_place(phone)
    phone.get_by_role("button", name="いまいる場所を使う").click()
    expect(phone.locator("#found")).to_contain_text("ここは区の外です")
    expect(phone.locator("#found")).not_to_contain_text("担当")


def test_the_danger_box_calls_and_answers_are_shown_before_sending(
    phone: Page,
) -> None:
    open_form(phone)
    onward(phone)
    choose_kind(phone, kind="道路の穴・へこみ")
    calls = phone.locator("#emergency a")
    assert calls.evaluate_all("all => all.map(each => each.getAttribute('href'))") == [
        "tel:119",
        "tel:110",
        "tel:0300000001",
    ]
    label = phone.locator("#questions legend").first.inner_text()
    phone.locator("#questions input[type=radio]").first.check()
    onward(phone)
    phone.locator("#map").click()
    expect(phone.locator("#found")).not_to_be_empty()
    onward(phone)
    phone.locator("#description").fill("穴です")
    onward(phone)
    expect(phone.locator("#summary")).to_contain_text(label)


def test_a_heic_says_that_it_cannot_be_shown_here_and_offers_its_place(phone: Page, tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(
        encoded(street(640, 480), "HEIF", quality=80, exif=camera_exif().tobytes())
    )
    open_form(phone)
    phone.locator("#album").set_input_files(tmp_path / "a.heic")
    expect(phone.locator("#pictures .no-preview")).to_contain_text("表示できません")
    onward(phone)
    choose_kind(phone)
    onward(phone)
    expect(phone.locator("#found")).to_contain_text("豊玉北")


@pytest.mark.parametrize("scheme", breadth("light", "dark"))
@pytest.mark.parametrize("lang", breadth(*LANGUAGES))
def test_what_is_pressed_in_danger_and_for_a_photo_s_place_fits_a_small_phone(
    browser: Browser, service: str, tmp_path: Path, lang: str, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(base_url=service, viewport=SMALL_PHONE, color_scheme=scheme)
    (tmp_path / "c.heic").write_bytes(encoded(street(640, 480), "HEIF", quality=80))
    open_form(page, f"/report?lang={lang}")
    page.set_input_files(
        "#album",
        [a_photo(tmp_path, "a.jpg", NERIMA), a_photo(tmp_path, "b.jpg", FAR_AWAY), tmp_path / "c.heic"],
    )
    expect(page.locator("#pictures .no-preview")).to_be_visible()
    box = page.locator("#pictures .no-preview").bounding_box()
    assert box
    assert box["height"] < 1.5 * box["width"], "its readings stand in the line"
    onward(page)
    page.evaluate("document.querySelector('input[value=\"road.pothole\"]').closest('details').open = true")
    page.locator("input[value='road.pothole']").check()
    calls = page.locator(".calls a")
    expect(calls).to_have_count(3)
    _can_be_pressed(page, calls, apart=8)
    onward(page)
    places = page.locator("#photo-place-buttons button")
    expect(places).to_have_count(2)
    _can_be_pressed(page, places, apart=8)
    page.close()


def _can_be_pressed(page: Page, buttons: Locator, *, apart: int) -> None:
    boxes = buttons.evaluate_all("all => all.map(each => each.getBoundingClientRect().toJSON())")
    assert min(box["height"] for box in boxes) >= 44, boxes
    assert min(box["width"] for box in boxes) >= 200, boxes
    gaps = [below["y"] - above["y"] - above["height"] for above, below in pairwise(boxes)]
    assert min(gaps) >= apart, boxes
    assert buttons.first.evaluate("each => getComputedStyle(each).display") == "block", (
        "no flexbox of readings"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL_PHONE["width"]
