"""The three roles of a member of staff. What each may do to a report stands in `reports/permissions.py`."""

from enum import StrEnum


class Role(StrEnum):
    FIELD = "field"
    """現場: repairs, and says so from a phone. No contact data."""
    DESK = "desk"
    """受付・審査: every action; contact data with a reason."""
    ADMIN = "admin"
    """管理: settings and members only."""
