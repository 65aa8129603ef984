"""How does a letter look? One template a letter, in `templates/letters`, read twice: as text and as HTML.

The templates use the parts (`say.paragraph`, `say.rows`, ...) that `templates/text` and `templates/html` each
bring in their own form. The words stand in `locales/*/mail.po`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nerirepo.words.language import Translate, tag, translator

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Page:
    """What a letter says. `template` names the file and the subject's message."""

    template: str
    facts: Mapping[str, Any]
    pictures: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Name in the letter (`before`, `after1` ...) to key in the private bucket, and sha256."""
    unsubscribe_url: str | None = None
    told_photos: list[str] = field(default_factory=list[str])
    """Ids of the photos that it names, because they cannot be seen in full."""


def render(
    page: Page, language: str, service: Mapping[str, Any], own_words: Mapping[str, str]
) -> tuple[str, str, str]:
    """(subject, text, HTML). `service` is what every letter ends with: see `compose`.

    `own_words`: what the ward says in the place of shipped messages; see `wording`.
    """
    translate = _translate(language, own_words)
    values = {"t": translate, "language": tag(language), "service": service, "page": page, **page.facts}
    subject = translate(f"mail.{page.template}.subject", **page.facts, service=service["name"])
    text = _environment("text").get_template(f"{page.template}.j2").render(values)
    html = _environment("html").get_template(f"{page.template}.j2").render(values, subject=subject)
    return subject, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html


def _translate(language: str, own_words: Mapping[str, str]) -> Translate:
    shipped = translator(language)

    def translate(key: str, **values: object) -> str:
        return own_words[key].format(**values) if key in own_words else shipped(key, **values)

    return translate


@cache
def _environment(form: str) -> Environment:
    return Environment(
        loader=FileSystemLoader([TEMPLATES / form, TEMPLATES / "letters"]),
        # In text `&amp;` would be shown as it stands.
        autoescape=form == "html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
