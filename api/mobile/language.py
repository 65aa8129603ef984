"""The language that a caller reads, from Accept-Language."""

from typing import Annotated

from fastapi import Depends, Header

from nerirepo import language
from nerirepo.catalogue.offered import awaited


async def _chosen(
    accept_language: Annotated[
        str | None, Header(description=f"What the person reads, best first: {', '.join(language.LANGUAGES)}")
    ] = None,
) -> str:
    return (await awaited()).chosen(accept_language)


Language = Annotated[str, Depends(_chosen)]
"""One of those that the ward offers."""
