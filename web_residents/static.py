"""The style sheets of these pages: our own, the design tokens, and the ward's colours."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from nerirepo.catalogue import read as catalogue
from nerirepo.errors import NotFound
from web.audience import for_everyone
from web.db import Reading

FOLDER = Path(__file__).parent / "static"
SHEETS = {"letters.css": FOLDER / "letters.css", "tokens.css": FOLDER / "built" / "tokens.css"}
CACHE = {"Cache-Control": "public, max-age=86400"}

router = APIRouter(prefix="/static", dependencies=[for_everyone])


@cache
def static_url(name: str) -> str:
    """With a hash of the content, so that a browser which keeps the old one asks for the new one."""
    return f"/l/static/{name}?v={hashlib.sha256(SHEETS[name].read_bytes()).hexdigest()[:8]}"


@router.get("/ward.css")
def ward_colours(session: Reading) -> Response:
    """The ward's colours, as custom properties; they were checked when the ward was read."""
    colours = catalogue.ward(session).profile["colours"]
    rules = "".join(f"--ward-{name.replace('_', '-')}:{value};" for name, value in colours.items())
    return Response(f":root{{{rules}}}\n", media_type="text/css", headers={"Cache-Control": "max-age=300"})


@router.get("/{name}")
def sheet(name: str) -> FileResponse:
    """One of our style sheets."""
    if name not in SHEETS:
        raise NotFound
    return FileResponse(SHEETS[name], media_type="text/css", headers=CACHE)
