import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.moderation.screening import Kind, screen


def flagged(text: str) -> list[tuple[Kind, str]]:
    return [(finding.kind, text[finding.start : finding.end]) for finding in screen(text)]


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("連絡は taro.n+ku@mail.example.jp まで", Kind.MAIL_ADDRESS, "taro.n+ku@mail.example.jp"),
        ("連絡は taro@example.jpまで", Kind.MAIL_ADDRESS, "taro@example.jp"),
        ("電話は03-1234-5678です", Kind.PHONE_NUMBER, "03-1234-5678"),
        ("電話は03(1234)5678です", Kind.PHONE_NUMBER, "03(1234)5678"),
        ("電話は(03) 1234 5678です", Kind.PHONE_NUMBER, "(03) 1234 5678"),
        ("電話は090.1234.5678です", Kind.PHONE_NUMBER, "090.1234.5678"),
        ("電話は〇九〇の一二三四の五六七八です", Kind.PHONE_NUMBER, "〇九〇の一二三四の五六七八"),
        ("電話は090の1234の5678です", Kind.PHONE_NUMBER, "090の1234の5678"),
        ("携帯09012345678へ", Kind.PHONE_NUMBER, "09012345678"),
        ("Call +81 90-1234-5678.", Kind.PHONE_NUMBER, "+81 90-1234-5678"),
        ("白い車、練馬 500 あ 12-34 です", Kind.CAR_NUMBER, "練馬 500 あ 12-34"),
        ("品川330さ・・12が放置", Kind.CAR_NUMBER, "品川330さ・・12"),
        ("ナンバーは12-34", Kind.CAR_NUMBER, "ナンバーは12-34"),
        ("豊玉北6-12-1の前", Kind.ADDRESS, "北6-12-1"),
        ("豊玉北六丁目12番1号の前", Kind.ADDRESS, "六丁目12番1号"),
        ("一丁目2-3の角", Kind.ADDRESS, "一丁目2-3"),
        ("〒176-0012", Kind.ADDRESS, "〒176-0012"),
        ("101号室の方", Kind.ADDRESS, "101号室"),
        ("となりの田中さんが困っています", Kind.NAME, "田中さん"),
        ("山田太郎 様のお宅", Kind.NAME, "山田太郎 様"),
        ("私は練馬太郎と申します", Kind.NAME, "私は練馬太郎"),
        ("Mr. Tanaka lives here", Kind.NAME, "Mr. Tanaka"),
        ("マイナンバーは1234 5678 9018です", Kind.PERSONAL_NUMBER, "1234 5678 9018"),
        ("番号は123456789018", Kind.PERSONAL_NUMBER, "123456789018"),
        ("LINEのIDはtaro.nです", Kind.ACCOUNT, "LINEのIDはtaro.n"),
        ("インスタ @taro_n を見て", Kind.ACCOUNT, "インスタ @taro_n"),
        ("LINE ID: taro_n", Kind.ACCOUNT, "LINE ID: taro_n"),
        ("@taro_n まで", Kind.ACCOUNT, "@taro_n"),
    ],
)
def test_what_must_not_be_published_is_pointed_out(text: str, kind: Kind, part: str) -> None:
    assert (kind, part.strip()) in [(found, words.strip()) for found, words in flagged(text)]


@pytest.mark.parametrize(
    "text",
    [
        "街路灯が3日前から消えています。",
        "豊玉北六丁目の公園のベンチがこわれています。",
        "長さ30cm、深さ5cmくらいの穴です。2026年11月23日に見ました。",
        "お子さんや皆さんが通る道です。隣の奥さんも業者さんも困っています。",
        "都道311号の歩道、幅2-3mくらい。",
        "深さ0.05m、幅0.3mくらい。0.5から1.25まで。",
        "This lamp post (no. 1234) has been out for 2 weeks.",
        "The white line identifying the crossing is gone, see the twitter link.",
        "幅2.5m/長さ3mくらい。LINEで送りました。電柱の番号は123456789012です。",
    ],
)
def test_an_ordinary_post_is_left_alone(text: str) -> None:
    assert flagged(text) == []


def test_full_width_digits_are_read_alike_and_positions_stay() -> None:
    assert flagged("電話は０３－１２３４－５６７８です") == [(Kind.PHONE_NUMBER, "０３－１２３４－５６７８")]


@given(st.text(max_size=300))
def test_any_text_is_screened_and_every_finding_lies_within_it(text: str) -> None:
    findings = screen(text)
    assert findings == sorted(findings)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
    for kind in Kind:
        spans = [(each.start, each.end) for each in findings if each.kind is kind]
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


ORDINARY = st.text(st.characters(categories=["Lo", "Zs"], exclude_characters="@"), max_size=40)


@given(
    before=ORDINARY,
    after=ORDINARY,
    number=st.from_regex(r"0[0-9]{1,3}-[0-9]{2,4}-[0-9]{4}", fullmatch=True).filter(
        lambda each: 10 <= sum(map(str.isdigit, each)) <= 11
    ),
)
def test_a_telephone_number_is_found_wherever_it_stands(before: str, after: str, number: str) -> None:
    text = f"{before}。{number}。{after}"
    assert (Kind.PHONE_NUMBER, number) in flagged(text)


@given(st.integers(0, 9999), st.sampled_from("あいうえかきくけこをさしすせそ"), st.integers(10, 999))
def test_a_number_plate_is_found_in_wide_and_narrow_digits(serial: int, letter: str, group: int) -> None:
    plate = f"練馬{group}{letter}{serial // 100:02d}-{serial % 100:02d}"
    wide = "".join(
        chr(ord(character) + 0xFEE0) if character.isascii() and character.isdigit() else character
        for character in plate
    )
    assert unicodedata.normalize("NFKC", wide) == plate
    assert [kind for kind, _ in flagged(plate)] == [kind for kind, _ in flagged(wide)]
    assert Kind.CAR_NUMBER in [kind for kind, _ in flagged(plate)]


@given(st.text("0123456789-あ様@. ", min_size=1000, max_size=2000))
def test_a_long_and_hostile_text_is_screened_too(text: str) -> None:
    screen(text)
