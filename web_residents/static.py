"""The style sheets of these pages: our own, the design tokens, and the ward's colours."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from nerirepo.base.errors import NotFound
from nerirepo.catalogue import read as catalogue
from web.audience import for_everyone
from web.db import Reading
from web.static_files import versioned

FOLDER = Path(__file__).parent / "static"
SHEETS = {"letters.css": FOLDER / "letters.css", "tokens.css": FOLDER / "built" / "tokens.css"}
CACHE = {"Cache-Control": "public, max-age=86400"}

router = APIRouter(prefix="/static", dependencies=[for_everyone])


def static_url(name: str) -> str:
    """Where a browser finds it, and asks for it anew when it has changed."""
    return versioned(f"/l/static/{name}", SHEETS[name])


@router.get("/ward.css")
def ward_colours(session: Reading) -> Response:
    """The ward's colours, as custom properties; they were checked when the ward was read."""
    colours = catalogue.ward(session).profile.colours
    rules = "".join(f"--ward-{name.replace('_', '-')}:{value};" for name, value in colours)
    return Response(f":root{{{rules}}}\n", media_type="text/css", headers={"Cache-Control": "max-age=300"})


@router.get("/{name}")
def sheet(name: str) -> FileResponse:
    """One of our style sheets."""
    if name not in SHEETS:
        raise NotFound
    return FileResponse(SHEETS[name], media_type="text/css", headers=CACHE)
