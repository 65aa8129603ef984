"""The language that a caller reads, from Accept-Language."""

from typing import Annotated

from fastapi import Depends, Header

from nerirepo import language


async def _chosen(
    accept_language: Annotated[
        str | None, Header(description=f"What the person reads, best first: {', '.join(language.LANGUAGES)}")
    ] = None,
) -> str:
    return language.chosen(accept_language)


Language = Annotated[str, Depends(_chosen)]
"""One of `nerirepo.language.LANGUAGES`."""
