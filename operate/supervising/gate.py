"""How does a child load its code early and yet begin only when it may?"""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gate() -> Iterator[int]:
    """A file descriptor for children to inherit: `wait_at()` it lasts until the block ends well.

    Afterwards it stands open, for children that are started again. It stays shut when the block fails, so
    that nobody begins on a database that could not be prepared.
    """
    entrance, bar = os.pipe()
    yield entrance
    os.close(bar)


def wait_at(entrance: int) -> None:
    """Wait until the gate opens, or until whoever made it is gone."""
    os.read(entrance, 1)
    os.close(entrance)
