"""The language that a caller reads, from Accept-Language."""

from typing import Annotated

from fastapi import Depends, Header

from nerirepo.catalogue.offered import awaited
from nerirepo.words import language
from web.accept_language import chosen


async def _chosen(
    accept_language: Annotated[
        str | None, Header(description=f"What the person reads, best first: {', '.join(language.LANGUAGES)}")
    ] = None,
) -> str:
    return chosen(accept_language, (await awaited()).languages)


Language = Annotated[str, Depends(_chosen)]
"""One of those that the ward offers."""
