# pyright: basic
# `Literal` of a list of names is nothing that a checker can know.
"""The words of letters as an admin wants them: the list is replaced as a whole, and each change is kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.database import sql
from nerirepo.notifications import wording
from nerirepo.notifications.tables import LetterWording
from nerirepo.notifications.wording import TEMPLATES, Key
from nerirepo.staff.tables import Member
from nerirepo.words.fields import Request, Text
from nerirepo.words.language import LANGUAGES

MOST_CHANGES = 500
"""Lines of the history that are shown."""


class LetterWords(Request):
    """One letter in one language: part (`subject`, `intro` ...) to words, with {placeholders}."""

    template: Literal[TEMPLATES]  # type: ignore[valid-type]
    language: Literal[LANGUAGES]  # type: ignore[valid-type]
    texts: dict[Annotated[str, Field(pattern=r"^[a-z_.]{1,64}$")], Annotated[Text, Field(max_length=2000)]]
    placeholders: dict[str, list[str]] = {}
    """What each part may use. Ours to say: not looked at when it comes back."""


class WordingChange(BaseModel):
    template: str
    language: str
    part: str
    text: str | None
    """None: as shipped again."""
    at: datetime
    member: str
    """The name of who changed it."""


class WordingInvalid(Invalid):
    """A text of a letter cannot be taken as it is."""

    code = "wording_invalid"


def letter_words(session: Session) -> list[LetterWords]:
    """Every letter in every language, as it is written now."""
    own = wording.newest(session)
    found = []
    for template in TEMPLATES:
        for language in LANGUAGES:
            shipped = wording.shipped(template, language)
            texts = {part: own.get((template, language, part), words) for part, words in shipped.items()}
            names = {part: sorted(wording.placeholders(template, part)) for part in shipped}
            found.append(LetterWords(template=template, language=language, texts=texts, placeholders=names))
    return found


def replace_wording(session: Session, by: Member, entries: Sequence[LetterWords]) -> None:
    """Letters sent from now on say this. What is not in the list, or as shipped, is as shipped.

    Raises `WordingInvalid` with a fault for each text.
    """
    faults = tuple(_faults(entries))
    if faults:
        raise WordingInvalid(faults=faults)
    # One at a time; not by the table's own lock, which needs more rights than the service has on it.
    sql.run(session, "SELECT pg_advisory_xact_lock(hashtext('letter_wording'))")
    standing = wording.newest(session)
    wanted = dict(_own(entries))
    now = clock.now()
    for key in sorted(standing.keys() | wanted.keys()):
        if standing.get(key) != wanted.get(key):
            template, language, part = key
            session.add(
                LetterWording(
                    template=template,
                    language=language,
                    part=part,
                    words=wanted.get(key),
                    member_id=by.id,
                    at=now,
                )
            )
    session.flush()


def changes(session: Session) -> list[WordingChange]:
    """Newest first."""
    rows = session.exec(
        select(LetterWording, Member.name)
        .join(Member, col(Member.id) == LetterWording.member_id)
        .order_by(col(LetterWording.seq).desc())
        .limit(MOST_CHANGES)
    )
    return [
        WordingChange(
            template=row.template,
            language=row.language,
            part=row.part,
            text=row.words,
            at=row.at,
            member=name,
        )
        for row, name in rows
    ]


def _faults(entries: Sequence[LetterWords]) -> Iterator[FieldFault]:
    seen: set[tuple[str, str]] = set()
    for position, entry in enumerate(entries):
        if (entry.template, entry.language) in seen:
            yield FieldFault(f"templates.{position}", "template_twice", f"{entry.template} {entry.language}")
        seen.add((entry.template, entry.language))
        known = wording.shipped(entry.template, entry.language)
        for part, words in entry.texts.items():
            field = f"templates.{position}.texts.{part}"
            if part not in known:
                yield FieldFault(field, "part_unknown", f"one of {', '.join(known)}")
            elif code := wording.fault(entry.template, part, words):
                names = sorted(wording.placeholders(entry.template, part))
                yield FieldFault(field, code, f"placeholders here: {', '.join(names) or 'none'}")


def _own(entries: Sequence[LetterWords]) -> Iterator[tuple[Key, str]]:
    for entry in entries:
        shipped = wording.shipped(entry.template, entry.language)
        for part, words in entry.texts.items():
            if words != shipped[part].strip():  # as every text arrives
                yield (entry.template, entry.language, part), words
