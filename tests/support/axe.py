"""What axe finds wrong with a page that a browser shows."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
"""To be put into the page first: `page.add_script_tag(path=AXE)`."""
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = ["color-contrast"]
_FOUND = """async only => (await axe.run({runOnly: only})).violations
    .map(each => [each.id, each.nodes.map(node => node.html)])"""


def violations(page: Page, only: dict[str, Any] | list[str]) -> list[Any]:
    """Of these rules: `[[rule, [html, ...]], ...]`."""
    return page.evaluate(_FOUND, only)
