"""Each letter has a name, a template and words: one that lacks a part is found before it is owed."""

import pytest

from nerirepo.notifications.page import TEMPLATES as FOLDER
from nerirepo.notifications.wording import SUBJECT, TEMPLATES, shipped
from nerirepo.words.language import LANGUAGES

NOT_WORDED = {"answered", "report", "unseen"}
"""Templates that others are made of."""


def test_each_letter_has_a_template_and_each_template_is_a_letter() -> None:
    assert {each.stem for each in (FOLDER / "letters").glob("*.j2")} - NOT_WORDED == set(TEMPLATES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_letter_has_a_subject(language: str) -> None:
    assert [each for each in TEMPLATES if not shipped(each, language).get(SUBJECT)] == []
