"""What the guides name is there: a file that moves takes its name along."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("nerirepo", "web", "api", "workers", "web_public", "web_residents", "web_staff", "operate")
NAMED = re.compile(r"`([\w/.-]+\.(?:py|ts|toml|md|po|j2|conf))`")
GUIDES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/glossary.md")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_file_that_a_guide_names_is_there(guide: str) -> None:
    """By its path, or by the end of it."""
    named = set(NAMED.findall((CHECKOUT / guide).read_text()))
    there = [path.relative_to(CHECKOUT) for room in ROOMS for path in (CHECKOUT / room).rglob("*.*")]
    ends = {"/".join(path.parts[-n:]) for path in there for n in range(1, len(path.parts) + 1)}
    assert {name for name in named if name not in ends and not (CHECKOUT / name).exists()} == set()
    assert named
