"""The catalogues of all languages say the same things, and nothing that a page says is missing in one."""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from nerirepo.words import language
from web.ruby import with_readings

CHECKOUT = Path(__file__).resolve().parents[2]
ONLY_FOR_STAFF = "staff"
"""The file of messages that residents never read."""

OTHERS = [each for each in language.LANGUAGES if each != language.DEFAULT]


def written(lang: str, area: str) -> dict[str, str]:
    path = language.LOCALES / lang / f"{area}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def areas(lang: str) -> set[str]:
    return {path.stem for path in (language.LOCALES / lang).glob("*.po")}


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_the_catalogues_are_those_of_the_languages() -> None:
    assert {path.name for path in language.LOCALES.iterdir() if path.is_dir()} == set(language.LANGUAGES)


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_only_what_staff_read_is_written_in_fewer_languages(lang: str) -> None:
    expected = areas(language.DEFAULT)
    assert areas(lang) == (expected if lang in language.STAFF_LANGUAGES else expected - {ONLY_FOR_STAFF})


@pytest.mark.parametrize("lang", OTHERS)
def test_no_message_is_missing_or_superfluous_and_each_is_filled_in_alike(lang: str) -> None:
    for area in areas(lang):
        expected, found = written(language.DEFAULT, area), written(lang, area)
        assert found.keys() ^ expected.keys() == set(), area
        assert [key for key in found if placeholders(found[key]) != placeholders(expected[key])] == [], area
        assert [key for key, words in found.items() if not words.strip()] == [], area


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_message_is_written_once(lang: str) -> None:
    files = (language.LOCALES / lang).glob("*.po")
    keys = Counter(key for file in files for key in re.findall(r'^msgid "(.+)"$', file.read_text(), re.M))
    assert [key for key, times in keys.items() if times > 1] == []


def test_no_language_is_left_in_the_words_of_another() -> None:
    """Whoever forgets to translate mostly leaves kana or Latin sentences behind."""
    japanese, sentence = re.compile("[ぁ-ゖァ-ヺ]"), re.compile(r"[a-z]+ [a-z]+ [a-z]+")
    for lang in set(OTHERS) - {"ja-easy"}:
        for area in areas(lang):
            assert [key for key, words in written(lang, area).items() if japanese.search(words)] == []
    for lang in ("ja", "ja-easy", "zh-Hans", "ko"):
        for area in areas(lang) - {ONLY_FOR_STAFF}:
            assert [key for key, words in written(lang, area).items() if sentence.search(words)] == []


def test_easy_japanese_says_how_its_words_are_read() -> None:
    """Up to single signs that everybody learns first, and what stands for something to be filled in."""
    silent = re.compile("[一-鿿]{2,}")
    for area in areas("ja-easy"):
        for key, words in written("ja-easy", area).items():
            unread = silent.findall(re.sub("<ruby>.*?</ruby>", "", with_readings(words)))
            assert len(unread) <= 2, (area, key, unread)


def keys_in_code() -> Iterator[tuple[str, str]]:
    """(file, key) of each whole key that pages and letters ask for."""
    for path in (CHECKOUT / "web_public").rglob("*.html"):
        for key in re.findall(r"\bt\('([a-z_.]+[a-z_])'[,)]", path.read_text(encoding="utf-8")):
            yield path.name, key
    for path in (CHECKOUT / "web_public").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match call:
                case ast.Call(func=ast.Attribute(attr="t"), args=[ast.Constant(value=str(key)), *_]):
                    yield path.name, key


def test_pages_ask_for_no_message_that_does_not_exist() -> None:
    known = language.catalogue(language.DEFAULT)
    assert [(file, key) for file, key in keys_in_code() if key not in known] == []
