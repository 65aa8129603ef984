"""From which list did somebody come? A report's address carries its query, and the way back leads there.

Only what a list can be asked for is carried, and always behind our own path: `list` leads nowhere else.
"""

from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from web_staff.area import area_of

FILTERS = frozenset(
    {"status", "department", "assignee", "overdue", "to_screen", "answered", "q", "sort", "near", "cursor"}
)
LONGEST = 2000
"""Characters of a list's query: the longest search in Japanese, percent-encoded, and a page."""


def list_address(request: Request) -> str:
    """The list that this page was opened from, with its filters and its page."""
    query = list_query(request)
    return f"{area_of(request)}?{query}" if query else area_of(request)


def list_query(request: Request) -> str:
    """What the list was asked for: this page's own query if it is the list, or what its address carries."""
    if request.scope["path"].rstrip("/") == area_of(request):
        asked = request.query_params.multi_items()
    else:
        carried = request.query_params.get("list", "")
        asked = parse_qsl(carried) if len(carried) <= LONGEST else []
    return urlencode([(key, value) for key, value in asked if key in FILTERS and value])


def with_list(request: Request, **values: str) -> str:
    """The query of a report's address, with its `?`: `values`, and the list."""
    carried = {"list": query} if (query := list_query(request)) else {}
    query = urlencode(values | carried)
    return f"?{query}" if query else ""
