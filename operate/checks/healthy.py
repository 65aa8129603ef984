"""Is somebody well? For a container's healthcheck: exit status 0 when an address answers as it should.

python -m operate.checks.healthy http://127.0.0.1:8000/health/ready     or tcp://127.0.0.1:9000
"""

import sys
from urllib.parse import urlsplit

from operate.supervising.own_parts import is_well
from operate.supervising.process import answers


def healthy(address: str) -> bool:
    """An answer of 200, or for tcp:// on loopback an open port."""
    parts = urlsplit(address)
    return answers(parts.port or 0) if parts.scheme == "tcp" else is_well(address)


if __name__ == "__main__":
    sys.exit(not healthy(sys.argv[1]))
