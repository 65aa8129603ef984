"""A note of colleagues that seems to name somebody says so, and is kept."""

import pytest
from fastapi.testclient import TestClient

from tests.web_staff.test_pages import a_report, act, pages, signed_in

__all__ = ["pages"]


@pytest.mark.parametrize(
    ("note", "is_named"),
    [
        ("090-1234-5678へ電話した", True),
        ("田中さんの家の前", True),
        ("部品を注文した", False),
    ],
)
def test_a_note_with_a_name_or_a_number_is_taken_with_a_hint(
    pages: TestClient, note: str, is_named: bool
) -> None:
    report = a_report()
    signed_in(pages)
    assert act(pages, report, "note", internal_note=note).status_code == 303
    page = pages.get(f"/desk/reports/{report.number}").text
    assert note in page
    assert ("名前・電話番号・住所などが入っているようです" in page) is is_named
