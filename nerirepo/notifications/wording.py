"""The words of letters: those that are shipped (`locales/*/mail.po`), and the ward's own in their place.

A message `mail.<template>.<part>` of the catalogues may be worded anew, in each language for itself. Each
change is kept; the newest of a part holds, and one without words means the shipped ones again.
"""

import re
from collections.abc import Iterator, Mapping
from string import Formatter

from sqlmodel import Session, col, select

from nerirepo.notifications.tables import LetterWording
from nerirepo.words.language import LANGUAGES, catalogue, messages

TEMPLATES = (
    "submit",
    "accept",
    "ask",
    "start",
    "resolve",
    "decline",
    "hand_over",
    "merge",
    "duplicate",
    "photos",
    "thank",
    "withdraw",
    "reopen",
    "code",
    "follow",
    "department",
    "danger",
    "danger_again",
    "department_reply",
    "danger_reply",
    "digest",
)
"""The letters, those of a report's life first."""

LONGEST = 600
"""Characters of a part: a paragraph."""
LONGEST_SUBJECT = 100
"""What mail programs show of a subject, and some more."""

SUBJECT = "subject"
_MARKUP = re.compile(r"<\s*[A-Za-z!/?]|&#?\w+;")

Key = tuple[str, str, str]
"""(template, language, part)."""


def shipped(template: str, language: str) -> dict[str, str]:
    """Part to words."""
    prefix = f"mail.{template}."
    known = messages(language)
    return {key.removeprefix(prefix): known[key] for key in known if key.startswith(prefix)}


def placeholders(template: str, part: str) -> frozenset[str]:
    """What is filled in: the names that stand in the shipped words of some language."""
    key = f"mail.{template}.{part}"
    return frozenset(name for each in LANGUAGES for name in _names(catalogue(each).get(key, "")))


def fault(template: str, part: str, words: str) -> str | None:
    """Why these words cannot stand there, as a code; None where they can."""
    if not words:
        return "wording_empty"
    if len(words) > (LONGEST_SUBJECT if part == SUBJECT else LONGEST):
        return "wording_too_long"
    if "\n" in words or "\t" in words:
        return "wording_has_lines"
    if _MARKUP.search(words):
        return "wording_has_markup"
    try:
        is_known = set(_names(words)) <= placeholders(template, part)
    except ValueError:
        is_known = False
    return None if is_known else "placeholder_unknown"


def own_words(session: Session, language: str) -> dict[str, str]:
    """The ward's own in one language, by message key. What no longer fits its letter is passed over."""
    return {
        f"mail.{template}.{part}": words
        for (template, spoken, part), words in newest(session).items()
        if spoken == language and part in shipped(template, language) and fault(template, part, words) is None
    }


def newest(session: Session) -> Mapping[Key, str]:
    """What holds now of the ward's own words."""
    lines = select(LetterWording).order_by(col(LetterWording.seq))
    last = {(each.template, each.language, each.part): each.words for each in session.exec(lines)}
    return {key: words for key, words in last.items() if words is not None}


def _names(words: str) -> Iterator[str]:
    """The placeholders in `words`; raises `ValueError` for a brace that is none, or that asks for more."""
    for _, name, form, conversion in Formatter().parse(words):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(name)
        yield name
