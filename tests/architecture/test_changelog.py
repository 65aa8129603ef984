"""The changelog reads as one text, whoever wrote in it at the same time."""

import re
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHANGELOGS = [ROOT / "CHANGELOG.md", ROOT / "mobile_contract" / "CHANGELOG.md"]


@pytest.mark.parametrize("file", CHANGELOGS, ids=lambda file: str(file.relative_to(ROOT)))
def test_headings_stand_once_between_blank_lines_and_no_line_twice(file: Path) -> None:
    text = file.read_text("utf-8")
    for release in re.split(r"^(?=## )", text, flags=re.M):
        headings = re.findall(r"^#+ .*$", release, re.M)
        assert len(headings) == len(set(headings))
    assert not re.findall(r"^.+\n#+ .*$|^#+ .*\n.+$", text, re.M)
    assert not [line for line, run in groupby(text.splitlines()) if len(list(run)) > 1]
