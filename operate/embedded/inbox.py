"""The page on which the letters that the mail server kept are read: newest first, on a phone too.

A letter is a stranger's text: its HTML is shown in a sandbox without scripts, with pictures only from
the letter itself or from this machine.

    python -m operate.embedded.inbox FOLDER HOST:PORT     or fd:NUMBER, a listening socket we inherited
"""

import os
import re
import socket
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from operate.embedded.letter import Letter
from operate.serving.serve import listen, serve

SHOWN = 200  # letters on the page
NAME = re.compile(r"[0-9A-Za-z.-]+\.eml")

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'"
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: http://localhost:* http://127.0.0.1:*; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True)


def create_app(folder: Path) -> Starlette:
    """The inbox over the letters in `folder`."""

    def listing(request: Request) -> Response:
        names = sorted((each.name for each in folder.glob("*.eml")), reverse=True)
        letters = [read(name) for name in names[:SHOWN]]
        return page("list.html", letters=letters, count=len(names))

    def letter(request: Request) -> Response:
        return page("letter.html", letter=read(request.path_params["name"]))

    def html_part(request: Request) -> Response:
        html = read(request.path_params["name"]).html
        if html is None:
            raise HTTPException(404)
        # In a frame, a link of the letter would open inside it.
        return HTMLResponse('<base target="_blank">' + html, headers=_headers(LETTER_POLICY))

    def raw(request: Request) -> Response:
        name = request.path_params["name"]
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(read(name).raw, media_type="message/rfc822", headers=headers)

    def live(request: Request) -> Response:
        return PlainTextResponse("ok")

    def read(name: str) -> Letter:
        if not NAME.fullmatch(name):
            raise HTTPException(404)
        try:
            return Letter(name, (folder / name).read_bytes())
        except FileNotFoundError:
            raise HTTPException(404) from None

    def page(template: str, **values: object) -> Response:
        return HTMLResponse(PAGES.get_template(template).render(values), headers=_headers(PAGE_POLICY))

    return Starlette(
        routes=[
            Route("/", listing),
            Route("/letters/{name}", letter),
            Route("/letters/{name}/html", html_part),
            Route("/letters/{name}/raw", raw),
            Route("/health/live", live),
        ]
    )


def _headers(policy: str) -> dict[str, str]:
    return {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


if __name__ == "__main__":
    os.umask(0o077)
    letters, (where, _, number) = Path(sys.argv[1]), sys.argv[2].rpartition(":")
    listener = socket.socket(fileno=int(number)) if where == "fd" else listen(where, int(number))
    serve(create_app(letters), listener)
