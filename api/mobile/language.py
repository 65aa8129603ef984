"""The language that a caller reads, from Accept-Language."""

from typing import Annotated

from fastapi import Depends, Request

from nerirepo import language


def _chosen(request: Request) -> str:
    return language.chosen(request.headers.get("accept-language"))


Language = Annotated[str, Depends(_chosen)]
"""One of `nerirepo.language.LANGUAGES`."""
