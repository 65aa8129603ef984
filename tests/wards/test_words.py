"""What people read: said in every language, with nobody's real contact in it."""

import re
from collections.abc import Iterator
from typing import Any

FILES = ("ward", "departments", "managers", "categories", "notices", "routing")
SPOKEN = {
    "names",
    "short_names",
    "labels",
    "emergency_text",
    "sender_names",
    "titles",
    "words",
    "note",
    "reason",
}
"""Keys whose value is one text in every language."""
TEXTS = ("help", "about", "terms", "privacy", "accessibility", "emergency")
EMERGENCY_NUMBERS = {"110", "119"}


def spoken(value: Any, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in SPOKEN:
                yield f"{where}.{key}", inner
            else:
                yield from spoken(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            code = inner.get("code", position) if isinstance(inner, dict) else position
            yield from spoken(inner, f"{where}[{code}]")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def test_everything_people_read_is_said_in_every_language(ward):
    languages = set(ward.profile["languages"])
    missing = [
        f"{where}: {sorted(languages ^ texts.keys())}"
        for name in FILES
        for where, texts in spoken(ward.toml(name), name)
        if texts.keys() != languages or not all(text.strip() for text in texts.values())
    ]
    assert missing == []


def test_each_department_manager_category_question_and_choice_has_a_name(ward):
    for each in (*ward.departments.values(), *ward.managers.values(), *ward.categories.values()):
        assert "names" in each, each["code"]
    for category in ward.categories.values():
        for question in category.get("questions", []):
            assert "labels" in question, (category["code"], question["code"])
            assert all("labels" in choice for choice in question.get("choices", [])), question["code"]


def test_each_text_exists_in_every_language_and_is_short(ward):
    for name in TEXTS:
        for language in ward.profile["languages"]:
            text = (ward.path / "texts" / f"{name}.{language}.md").read_text(encoding="utf-8")
            assert 0 < len(text) < 2_000, (name, language)
    for path in (ward.path / "texts").iterdir():
        name, language, ending = path.name.split(".")
        assert (name in TEXTS, language in ward.profile["languages"], ending) == (True, True, "md"), path.name


def test_a_danger_says_what_to_do_first(ward):
    silent = [
        each["code"]
        for each in ward.categories.values()
        if each.get("is_danger") and "emergency_text" not in each
    ]
    assert silent == []


def test_nerimas_contacts_are_placeholders(nerima):
    for name in (*FILES, "samples"):
        for text in strings(nerima.toml(name)):
            for host in re.findall(r"(?:https?://|@)([\w.-]+)", text):
                assert host.endswith("example.jp"), (name, text)
            for number in re.findall(r"\b0\d{1,4}-\d{1,4}-\d{3,4}\b", text):
                assert number.startswith("03-0000-"), (name, text)
    phones = {each["phone"] for each in nerima.profile["emergency_contacts"]}
    assert phones >= EMERGENCY_NUMBERS


def test_white_words_can_be_read_on_the_wards_colours(ward):
    def channel(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    def luminance(colour: str) -> float:
        red, green, blue = (channel(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for name in ("primary", "primary_dark", "accent"):
        assert 1.05 / (luminance(ward.profile["colours"][name]) + 0.05) >= 4.5, name
