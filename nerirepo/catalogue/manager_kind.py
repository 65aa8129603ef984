"""Whose is a thing that is not the ward's?"""

from enum import StrEnum


class ManagerKind(StrEnum):
    """Who looks after it."""

    TOKYO = "tokyo"
    NATIONAL = "national"
    PRIVATE = "private"
    UTILITY = "utility"
    NEIGHBOUR = "neighbour"
