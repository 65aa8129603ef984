"""An address or a code is taken as it is typed or pasted: the service folds it, no browser refuses it."""

import re
from pathlib import Path

import pytest

from nerirepo.address import LONGEST_TYPED

ROOT = Path(__file__).parents[2]
INPUT = re.compile(r"<input\b[^>]*>")
CODE_IN_A_LINE = 40
"""Characters: a code in full-width letters, with blanks and a word before it."""


def fields(kind: str) -> list[str]:
    """Every input field of ours, in whichever template, that holds `kind`."""
    templates = [each for door in ("api", "web_public", "web_staff") for each in (ROOT / door).rglob("*.*")]
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
    assert longest(field) >= CODE_IN_A_LINE


def test_the_fields_are_found() -> None:
    assert len(fields("email")) >= 4
    assert len(fields("one-time-code")) >= 3
