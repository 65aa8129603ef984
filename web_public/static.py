"""The site's own files."""

from pathlib import Path

from web.static_files import versioned

STATIC = Path(__file__).parent / "static"


def static_url(path: str) -> str:
    """Where a browser finds `path`, and asks for it anew when it has changed."""
    return versioned(f"/static/{path}", STATIC / path)
