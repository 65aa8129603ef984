"""An address or a code is taken as it is typed or pasted: the service folds it, no browser refuses it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nerirepo.words.address import LONGEST_TYPED
from nerirepo.words.typed_code import LONGEST_TYPED as LONGEST_CODE
from operate.serving.front import create_api
from web_staff.app import create_app as create_staff_pages

ROOT = Path(__file__).parents[2]
INPUT = re.compile(r"<input\b[^>]*>")


def fields(kind: str) -> list[str]:
    """Every input field of ours, in whichever template, that holds `kind`."""
    templates = [
        each for door in ("web_public", "web_residents", "web_staff") for each in (ROOT / door).rglob("*.*")
    ]
    found = [
        field
        for each in templates
        if each.suffix in (".html", ".j2")
        for field in INPUT.findall(each.read_text("utf-8"))
    ]
    return [each for each in found if re.search(kind, each) and 'type="hidden"' not in each]


def longest(field: str) -> int:
    return int(re.findall(r'maxlength="(\d+)"', field)[0])


@pytest.mark.parametrize("field", fields("email"))
def test_an_address_is_text_to_the_browser(field: str) -> None:
    assert 'type="email"' not in field, "full-width letters would be refused"
    assert "pattern" not in field
    assert 'inputmode="email"' in field
    assert 'autocapitalize="none"' in field
    assert longest(field) >= LONGEST_TYPED


@pytest.mark.parametrize("field", fields("one-time-code"))
def test_a_code_is_whatever_was_pasted(field: str) -> None:
    assert "pattern" not in field
    assert 'type="number"' not in field
    assert longest(field) >= LONGEST_CODE


def bounds(app: Any) -> Iterator[tuple[str, int]]:
    """(field, most characters) of what is sent to sign in, or to name an address, as each door takes it."""
    for name, schema in app.openapi()["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            signs_in = field == "totp" or (field == "code" and re.search("sign_?in|try_code", name, re.I))
            if (field == "email" or signs_in) and "maxLength" in shape:
                yield (field, shape["maxLength"])


@pytest.mark.parametrize("create_app", [create_api, create_staff_pages])
def test_no_door_bounds_what_is_pasted_before_it_is_folded(create_app: Any) -> None:
    for field, most in bounds(create_app()):
        assert most >= (LONGEST_TYPED if field == "email" else LONGEST_CODE)


def test_the_bounds_are_found() -> None:
    assert {field for field, _ in bounds(create_api())} == {"email", "code", "totp"}


def test_the_fields_are_found() -> None:
    assert len(fields("email")) >= 4
    assert len(fields("one-time-code")) >= 3
