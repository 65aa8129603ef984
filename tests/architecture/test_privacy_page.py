"""`docs/privacy.md` lists what we hold: it must name every column that there is, and the true retentions."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from nerirepo.privacy import expire
from nerirepo.reporters import devices
from nerirepo.reports import changes
from nerirepo.staff import drafts
from nerirepo.tables import METADATA

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`((?:published\.)?[a-z_]+\.(?:[a-z0-9_]+|\*))`", PAGE))
COLUMNS = {f"{table.fullname}.{column.name}" for table in METADATA.sorted_tables for column in table.columns}


def test_every_column_has_been_thought_about() -> None:
    assert {each for each in COLUMNS if not {each, f"{each.rpartition('.')[0]}.*"} & NAMED} == set()


def test_the_page_names_nothing_that_is_not_there() -> None:
    tables = {each.rpartition(".")[0] + ".*" for each in COLUMNS}
    assert NAMED - COLUMNS - tables == set()


@pytest.mark.parametrize(
    ("column", "retention"),
    [
        ("challenge.id", expire.SIGN_IN),
        ("rate_count.key", expire.SIGN_IN),
        ("rate_log.key", timedelta(days=30)),
        ("delivery.address", expire.ADDRESS),
        ("photo.id", expire.UNUSED_PHOTO),
        ("photo.suggestion", expire.ORIGINAL),
        ("report_original.description", expire.ORIGINAL),
        ("feedback.comment", expire.ORIGINAL),
        ("reporter.id", expire.INACTIVE),
        ("contact_disclosure.id", expire.DISCLOSURE),
        ("contact_disclosure.reason", expire.ORIGINAL),
        ("event_text.internal_note", expire.ORIGINAL),
        ("unfollowed.at", changes.REMEMBERS),
        ("device.token_hash", devices.VALID_FOR),
        ("staff_draft.typed", drafts.KEPT_FOR),
    ],
)
def test_the_page_says_how_long(column: str, retention: object) -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("|") and f"`{column}`" in line)
    assert re.search(rf"\b{retention.days} days?\b", line)  # type: ignore[attr-defined]
