"""One story for each language, width or kind of file: one is tried near, the others with all."""

from typing import Any

import pytest


def breadth(near: Any, *others: Any) -> list[Any]:
    """Parameters of which the first is tried each time."""
    return [near, *(_long(each) for each in others)]


def _long(each: Any) -> Any:
    return pytest.param(*each if isinstance(each, tuple) else (each,), marks=pytest.mark.long)
