"""Every error has words in every language of the pages."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import api
import nerirepo
import web
import web_public
import web_residents
import web_staff
from nerirepo.base.errors import ServiceError
from nerirepo.words import language

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = (nerirepo, web, api, web_public, web_residents, web_staff)
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


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_every_error_tells_what_to_do_in_words(lang):
    words = language.catalogue(lang)
    assert {code for code in codes_of_errors() | codes_of_faults() if not words.get(f"error.{code}")} == set()
