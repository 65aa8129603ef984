"""A form with photos, read to its end: however much it brings, its words are not lost.

Photos wait on the disk, in the folder for work files. A browser shows no answer before all that it sends
has been read, so what is too much is read, too, and thrown away.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from nerirepo.base.errors import Invalid

MOST_FIELDS = 200
MOST_FILES = 1000
"""A whole album, chosen by mistake: what is too many is said beside the form."""
LARGEST_THROWN_AWAY = 500_000_000
"""Bytes; who sends still more is cut off."""


class FormTooLarge(Invalid):
    """These photos are too large together. Please send fewer."""

    code = "form_too_large"


@dataclass(frozen=True)
class Brought:
    """With a `fault`, the words that came before it, and no photos."""

    form: FormData
    fault: Invalid | None = None


@asynccontextmanager
async def read(request: Request, most: int) -> AsyncIterator[Brought]:
    """The form of `request`, of at most so many bytes; its files are closed at the end."""
    stream = request.stream()
    parser = _parser(request.headers, _bounded(stream, most))
    try:
        brought = Brought(await parser.parse())
    except (FormTooLarge, MultiPartException) as error:
        fault = error if isinstance(error, FormTooLarge) else Invalid()
        brought = Brought(_words(parser), fault)
        await _throw_away(stream)
    try:
        yield brought
    finally:
        await brought.form.close()


def chosen(form: FormData, field: str) -> list[UploadFile]:
    """The files of a field. Where none was chosen, browsers send one without a name and without content."""
    return [
        each for each in form.getlist(field) if isinstance(each, UploadFile) and (each.filename or each.size)
    ]


def _parser(headers: Headers, stream: AsyncGenerator[bytes, None]) -> MultiPartParser | FormParser:
    if headers.get("content-type", "").startswith("multipart/form-data"):
        return MultiPartParser(headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS)
    return FormParser(headers, stream, max_fields=MOST_FIELDS)


def _words(parser: MultiPartParser | FormParser) -> FormData:
    items = parser.items if isinstance(parser, MultiPartParser) else []
    return FormData([(name, value) for name, value in items if isinstance(value, str)])


async def _bounded(stream: AsyncGenerator[bytes, None], most: int) -> AsyncGenerator[bytes, None]:
    room = most
    async for chunk in stream:
        yield chunk[:room]
        room -= len(chunk)
        if room < 0:
            raise FormTooLarge


async def _throw_away(stream: AsyncGenerator[bytes, None]) -> None:
    length = 0
    async for chunk in stream:
        length += len(chunk)
        if length > LARGEST_THROWN_AWAY:
            return
