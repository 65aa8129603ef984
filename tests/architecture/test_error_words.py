"""Every error has words in every language of the pages, and the catalogues say the same things."""

import ast
import importlib
import pkgutil
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import api
import nerirepo
import web_public
import web_staff
from nerirepo import language
from nerirepo.errors import ServiceError

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = (nerirepo, api, web_public, web_staff)
RUN_AND_NOT_IMPORTED = ("nerirepo.migrations", "nerirepo.photos.render_child")


def errors(kind: type[ServiceError] = ServiceError) -> Iterator[type[ServiceError]]:
    for each in kind.__subclasses__():
        yield each
        yield from errors(each)


def codes_of_errors() -> set[str]:
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(RUN_AND_NOT_IMPORTED):
                importlib.import_module(module.name)
    return {error.code for error in errors() if error.__module__.split(".")[0] != "tests"}


def codes_of_faults() -> set[str]:
    found = set()
    for package in PACKAGES:
        for path in (CHECKOUT / package.__name__).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match call:
                    case ast.Call(func=ast.Name(id="FieldFault"), args=[_, ast.Constant(value=code), *_]):
                        found.add(code)
    return found


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_every_error_tells_what_to_do_in_words(lang):
    messages = language.catalogue(lang)
    wordless = {code for code in codes_of_errors() | codes_of_faults() if not messages.get(f"error.{code}")}
    assert wordless == set()


def test_all_languages_have_the_same_messages_with_the_same_places_to_fill_in():
    first, *others = language.LANGUAGES
    expected = {key: placeholders(message) for key, message in language.catalogue(first).items()}
    for lang in others:
        found = {key: placeholders(message) for key, message in language.catalogue(lang).items()}
        assert found.keys() ^ expected.keys() == set()
        assert {key for key in found if found[key] != expected[key]} == set()


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_message_stands_in_one_file_only(lang):
    keys: Counter[str] = Counter()
    for path in (CHECKOUT / "nerirepo" / "locales" / lang).glob("*.po"):
        with path.open("rb") as file:
            keys.update({str(message.id) for message in read_po(file) if message.id})
    assert [key for key, times in keys.items() if times > 1] == []
