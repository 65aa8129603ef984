"""How a long list is asked for, page by page."""

from typing import Annotated

from fastapi import Query

Limit = Annotated[int, Query(ge=1, le=100, description="At most so many in one answer")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=400, description="`next_cursor` of the last answer; opaque. Without it: from the beginning"
    ),
]
