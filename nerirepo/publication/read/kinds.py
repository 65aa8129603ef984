"""Which categories does a word name? Cards show the category's name, so people look for it."""

from collections.abc import Sequence

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.publication.bigrams import folded

_ASK = """
    SELECT category.code, category.names, coalesce(parent.names, '{}') AS parent_names
    FROM published.category LEFT JOIN published.category AS parent ON parent.code = category.parent_code
"""


def kinds(session: Session, words: Sequence[str]) -> list[list[str]]:
    """For each word, folded as in `Filters.words`, the codes of the categories that have it in their name or
    in that of their group, in any language."""
    named: dict[str, list[str]] = {
        row.code: [folded(each) for each in (*row.names.values(), *row.parent_names.values())]
        for row in sql.rows(session, _ASK)
    }
    return [[code for code, names in named.items() if any(word in each for each in names)] for word in words]
