"""What the ward offers at the moment."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from nerirepo.base import clock
from nerirepo.catalogue import read
from nerirepo.catalogue.questions import Question
from nerirepo.catalogue.tables import Category, Department
from nerirepo.catalogue.tree import category_tree
from nerirepo.database.db import reading, transaction
from nerirepo.words.language import LANGUAGES


def leaves(tree: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in tree:
        if each["children"]:
            yield from leaves(each["children"])
        else:
            yield each


def tree(language: str = "ja") -> list[dict[str, Any]]:
    with reading() as session:
        return category_tree(session, language)


@pytest.fixture
def one_more(database: object) -> Iterator[Category]:
    """A category and a department that the ward does not have."""
    with transaction() as session:
        session.add(
            Department(
                code="moon",
                names={"ja": "月"},
                email="a@example.jp",
                phone="",
                valid_from=clock.today_in_japan(),
            )
        )
        session.flush()
        more = Category(
            code="road.crater",
            parent_code="road",
            names={"ja": "クレーター"},
            department_code="moon",
            questions=[
                {
                    "code": "deep",
                    "type": "boolean",
                    "labels": {"ja": "深い?", "en": "Deep?"},
                    "required": True,
                },
                {"code": "old", "type": "text", "labels": {"ja": "昔の質問"}, "retired": True},
            ],
        )
        session.add(more)
    yield more
    with transaction() as session:
        session.delete(more)
        session.flush()
        session.delete(session.get_one(Department, "moon"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tree_has_two_levels_and_speaks_each_language(database: object, language: str) -> None:
    tops = tree(language)
    assert {"road", "park", "facility", "waste"} <= {each["code"] for each in tops}
    assert all(not leaf["children"] for top in tops for leaf in top["children"])
    for leaf in leaves(tops):
        assert leaf.keys() == {"code", "name", "icon", "questions", "emergency_text", "is_deed", "children"}
        assert leaf["name"]
        for question in leaf["questions"]:
            assert question.keys() == {"code", "type", "label", "required", "choices"}
            assert question["label"]


def test_names_differ_by_language_and_dangers_say_what_to_do_first(database: object) -> None:
    japanese, english = ({leaf["code"]: leaf for leaf in leaves(tree(each))} for each in ("ja", "en"))
    assert japanese["lamp.out"]["name"] != english["lamp.out"]["name"]
    assert "110" in japanese["road.pothole"]["emergency_text"]
    assert japanese["deed.cleanup"]["is_deed"] is True


def test_a_retired_question_is_not_asked_but_known(one_more: Category) -> None:
    (crater,) = [leaf for leaf in leaves(tree()) if leaf["code"] == "road.crater"]
    assert crater["questions"] == [
        {"code": "deep", "type": "boolean", "label": "深い?", "required": True, "choices": []}
    ]
    with reading() as session:
        known = read.questions(read.category(session, "road.crater"))
    assert [(each.code, each.retired) for each in known] == [("deep", False), ("old", True)]
    assert all(isinstance(each, Question) for each in known)


@pytest.mark.parametrize(("days", "offered"), [(-1, False), (0, True), (1, True)])
def test_a_category_is_offered_until_the_end_of_its_last_day(
    one_more: Category, days: int, offered: bool
) -> None:
    with transaction() as session:
        category = read.category(session, "road.crater")
        category.valid_until = clock.today_in_japan() + timedelta(days)
    assert ("road.crater" in {leaf["code"] for leaf in leaves(tree())}) is offered
    with reading() as session:
        assert read.is_offered(read.category(session, "road.crater")) is offered


@pytest.mark.parametrize(
    ("begins", "ends", "at_work"), [(0, None, True), (1, None, False), (-9, -1, False), (-9, 0, True)]
)
def test_departments_work_between_their_dates(
    one_more: Category, begins: int, ends: int | None, at_work: bool
) -> None:
    today = clock.today_in_japan()
    with transaction() as session:
        moon = session.get_one(Department, "moon")
        moon.valid_from = today + timedelta(begins)
        moon.valid_until = None if ends is None else today + timedelta(ends)
    with reading() as session:
        assert ("moon" in {each.code for each in read.departments(session)}) is at_work


def test_the_ward_its_desk_and_the_others_are_known(database: object) -> None:
    with reading() as session:
        assert read.ward(session).profile.code == read.ward(session).code
        assert read.triage_department(session) == "desk"
        assert {"tokyo_parks", "tokyo_roads", "national_roads"} <= {
            each.code for each in read.managers(session)
        }


def test_a_category_that_there_is_not_is_named(database: object) -> None:
    with reading() as session, pytest.raises(read.CategoryUnknown, match=r"moon\.dust"):
        read.category(session, "moon.dust")


def test_before_the_ward_is_loaded_the_service_says_so(bare_database: object) -> None:
    with reading() as session:
        with pytest.raises(read.WardNotLoaded):
            read.ward(session)
        with pytest.raises(read.WardNotLoaded):
            read.triage_department(session)
