"""Addresses as people type and paste them: folded where they can be, and else told what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.words.address import EmailInvalid, normalised, on_the_wire

TARO = "taro@example.jp"


@pytest.mark.parametrize(
    "typed",
    [
        "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ",
        "taro＠example.jp",
        "Taro@Example.JP",
        "\u200btaro@exa\u200bmple.jp\ufeff",
        "\u202ataro@example.jp\u202c",
        "\u2068taro@example.jp\u2069",
        " \u3000taro@example.jp\u3000\n",
        "taro @ example.jp",
        "mailto:taro@example.jp",
        "MAILTO:taro%40example.jp?subject=a",
        "山田 太郎 <taro@example.jp>",
        '"山田, 太郎" <taro@example.jp>;',
        "山田＜taro@example.jp＞",
        "<taro@example.jp>",
        "「taro@example.jp」",
        "taro@example.jp。",
        "taro@example.jp、",
        "taro@example.jp.",
        "taro@example。jp",
        '"taro"@example.jp',
    ],
)
def test_what_came_along_with_an_address_is_folded(typed: str) -> None:
    assert normalised(typed) == TARO


@pytest.mark.parametrize(
    "domain", ["docomo.ne.jp", "ezweb.ne.jp", "au.com", "t.vodafone.ne.jp", "i.softbank.jp"]
)
@pytest.mark.parametrize("local", ["taro..x", "taro.", ".taro", "a...b.", "taro-.-."])
def test_telephone_companies_gave_out_odd_dots_which_are_quoted_on_the_wire(local: str, domain: str) -> None:
    plain = f"{local}@{domain}"
    assert normalised(plain) == normalised(f'"{local}"@{domain}') == normalised(plain.upper()) == plain
    assert on_the_wire(plain) == f'"{local}"@{domain}'


@pytest.mark.parametrize(
    "usual", ["taro@docomo.ne.jp", "taro.x@example.jp", "a+b@example.jp", "o'neil@example.jp"]
)
def test_other_addresses_are_not_quoted(usual: str) -> None:
    assert on_the_wire(normalised(usual)) == usual


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("nobody", "email_at_missing"),
        ("@example.jp", "email_at_missing"),
        ("taro@", "email_at_missing"),
        ("", "email_at_missing"),
        ("\u200b", "email_at_missing"),
        ("ta ro@example.jp", "email_blank_inside"),
        ("taro@example.jp\r\nBcc: other@example.jp", "email_blank_inside"),
        ("x\nBcc: other@example.jp <taro@example.jp>", "email_blank_inside"),
        ("taro@example.jp\x0bBcc: other@example.jp", "email_blank_inside"),
        ("taro..x@example.jp", "email_dots"),
        ("taro.@gmail.com", "email_dots"),
        ("taro@x@example.jp", "email_letters"),
        ("太郎@example.jp", "email_letters"),
        ('"ta\\"ro"@docomo.ne.jp', "email_letters"),
        ("taro,hanako@example.jp", "email_letters"),
        ("taro@example", "email_domain"),
        ("taro@-example.jp", "email_domain"),
        ("taro@[192.0.2.1]", "email_domain"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(typed: str, fault: str) -> None:
    with pytest.raises(EmailInvalid) as refused:
        normalised(typed)
    assert [each.code for each in refused.value.faults] == [fault]


@given(st.text(alphabet=st.sampled_from('ab.@ \n\r\0"<>,:;。＠\u200b\u2028é'), max_size=30))
def test_an_address_holds_nothing_that_breaks_a_header(typed: str) -> None:
    try:
        address = normalised(typed)
    except EmailInvalid:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' "<>,:;')
    assert address.count("@") == 1
    assert normalised(address) == address or '"' in on_the_wire(address)
    assert normalised(on_the_wire(address)) == address
