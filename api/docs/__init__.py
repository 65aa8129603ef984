"""/docs: the API's description, to read and try. Everything it needs comes from here."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from nerirepo.base.errors import NotFound
from web.audience import for_everyone

STATIC = Path(__file__).parent / "static"
FILES = {
    "swagger-ui.css": ("built/swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": ("built/swagger-ui-bundle.js", "text/javascript"),
    "start.js": ("start.js", "text/javascript"),
}
POLICY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; frame-ancestors 'none'"
}

router = APIRouter(prefix="/docs", dependencies=[for_everyone], include_in_schema=False)


@router.get("")
def page() -> HTMLResponse:
    """Swagger UI, over /openapi.json."""
    return HTMLResponse((STATIC / "page.html").read_text(), headers=POLICY)


@router.get("/{name}")
def file(name: str) -> FileResponse:
    """What the page is made of."""
    if name not in FILES:
        raise NotFound
    path, media_type = FILES[name]
    return FileResponse(STATIC / path, media_type=media_type, headers={"Cache-Control": "max-age=86400"})
