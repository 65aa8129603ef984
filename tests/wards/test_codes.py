"""Codes: unique, of one form, and pointing only at what exists."""

import re
from fnmatch import fnmatchcase

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
KINDS = {"tokyo", "national", "private", "utility", "neighbour"}
FIXED = {
    "road.pothole", "lamp.out", "park.equipment", "park.tree", "facility.broken", "waste.dumping", "graffiti",
    "deed.cleanup",
}  # fmt: skip
"""Codes that other programs rely on."""
CONDITIONS = {"category", "park_owner", "road_class", "within_m", "answers", "facility"}
PLACEHOLDERS = {"park": "park_owner", "owner": "park_owner", "road": "road_class", "distance": "road_class"}
"""Placeholder of a reason -> the condition without which it has no value."""


def test_codes_are_unique_lower_case_words(ward):
    for file, list_name in (
        ("departments", "departments"), ("managers", "managers"), ("categories", "categories"),
        ("notices", "notices"), ("samples", "samples"),
    ):  # fmt: skip
        codes = [each["code"] for each in ward.toml(file)[list_name]]
        assert len(codes) == len(set(codes)), file
        assert [code for code in codes if not CODE.fullmatch(code)] == [], file


def test_the_codes_that_other_programs_rely_on_can_be_chosen(ward):
    assert ward.offered >= FIXED
    assert ward.departments.keys() >= {"roads", "parks", "lamps", "waste", "desk"}


def test_exactly_one_department_takes_what_no_rule_could_place(ward):
    assert [code for code, each in ward.departments.items() if each.get("is_triage")] == ["desk"]


def test_each_department_can_be_written_to(ward):
    for code, each in ward.departments.items():
        assert "@" in each["email"], code
        assert each["phone"], code


def test_managers_are_of_a_known_kind_and_can_be_reached_or_explained(ward):
    for code, each in ward.managers.items():
        assert each["kind"] in KINDS, code
        assert each["contact"].keys() <= {"phone", "mail", "url", "note"}, code
        assert each["contact"], code


def test_the_tree_of_categories_has_two_levels_and_each_parent_comes_first(ward):
    seen: set[str] = set()
    for code, each in ward.categories.items():
        if parent := each.get("parent_code"):
            assert parent in seen, code
            assert "parent_code" not in ward.categories[parent], code
        seen.add(code)


def test_each_category_that_can_be_chosen_has_an_office_and_an_aim_or_is_a_deed(ward):
    for code in ward.offered:
        each = ward.categories[code]
        assert each["department_code"] in ward.departments, code
        assert ("target_days" in each) != each.get("is_deed", False), code
        assert each.get("is_deed", False) == code.startswith("deed."), code


def test_no_question_stands_in_the_way_of_a_post(ward):
    for code in ward.categories:
        questions = ward.categories[code].get("questions", [])
        assert len({each["code"] for each in questions}) == len(questions) <= 3, code
        for each in questions:
            assert not each["required"], (code, each["code"])
            assert each["type"] in {"choice", "text", "number", "boolean"}, (code, each["code"])
            choices = [choice["code"] for choice in each.get("choices", [])]
            assert bool(choices) == (each["type"] == "choice"), (code, each["code"])
            assert len(choices) == len(set(choices)), (code, each["code"])


def test_each_rule_leads_to_one_office_or_manager_that_exists(ward):
    assert len({rule["name"] for rule in ward.rules}) == len(ward.rules)
    for rule in ward.rules:
        ((kind, code),) = rule["then"].items()
        assert code in {"department": ward.departments, "manager": ward.managers}[kind], rule["name"]
        assert 0 < rule["confidence"] <= 1, rule["name"]


def test_each_condition_of_a_rule_can_come_true(ward):
    for rule in ward.rules:
        when = rule["when"]
        assert when.keys() <= CONDITIONS, rule["name"]
        assert ("road_class" in when) == ("within_m" in when), rule["name"]
        assert when.get("park_owner", "区立") in {"区立", "都立"}, rule["name"]
        assert set(when.get("road_class", [])) <= {"区道", "都道", "国道", "私道"}, rule["name"]
        for pattern in when["category"]:
            assert any(fnmatchcase(code, pattern) for code in ward.offered), (rule["name"], pattern)


def test_a_rule_asks_only_for_answers_that_a_question_offers(ward):
    for rule in ward.rules:
        for category in rule["when"]["category"] if "answers" in rule["when"] else []:
            questions = {each["code"]: each for each in ward.categories[category]["questions"]}
            for question, answer in rule["when"]["answers"].items():
                assert answer in {choice["code"] for choice in questions[question]["choices"]}, rule["name"]


def test_a_reason_speaks_only_of_what_its_rule_has_looked_at(ward):
    for rule in ward.rules:
        for text in rule["reason"].values():
            for placeholder in re.findall(r"{(\w+)}", text):
                assert PLACEHOLDERS[placeholder] in rule["when"], rule["name"]


def test_notices_end_after_they_begin(ward):
    assert all(each["since"] <= each["until"] for each in ward.toml("notices")["notices"])
