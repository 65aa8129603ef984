"""May these values be used where real people's data are? Pure, but for libpq's own variables.

What a machine has not made at random is no secret; what leaves the machine goes encrypted, or through a
network that somebody has named as trusted.
"""

import base64
import binascii
import os
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from itertools import pairwise
from urllib.parse import urlsplit

SHORTEST_SECRET = 32
SHORTEST_STORE_SECRET = 16
"""Characters; the store's owner chooses it, and most make 40."""
RECEIPT_BYTES = 32
FEWEST_KINDS = 6
"""Different characters of a secret: of 16 random digits in hexadecimal one in ten thousand has fewer."""
ENCRYPTED = {"require", "verify-ca", "verify-full"}
WIDEST_OF_PROXIES = {4: 8, 6: 16}
"""Bits that all addresses of a network share: 10.0.0.0/8 is the largest that people have at home."""
LOG_LEVELS = {"INFO", "WARNING", "ERROR", "CRITICAL"}
SAMPLES = (
    "abcdefgh",
    "12345678",
    "change",
    "default",
    "development",
    "dummy",
    "example",
    "insecure",
    "password",
    "qwerty",
    "replace",
    "sample",
    "secret",
)
"""Found in what people copy from a page or make up. By chance: once in a million keys of 48 letters."""


def weakness(secret: str, shortest: int) -> str | None:
    """Why this is no secret, without telling it; None where nothing speaks against it."""
    if len(secret) < shortest:
        return f"must have at least {shortest} characters"
    if len(set(secret)) < FEWEST_KINDS or secret in (secret + secret)[1:-1] or _runs_on(secret):
        return "repeats itself or runs on: let a machine make it, openssl rand -hex 24"
    if any(sample in secret.lower() for sample in SAMPLES):
        return "is like one from a page of samples: let a machine make it, openssl rand -hex 24"
    return None


def _runs_on(secret: str) -> bool:
    """abcd, 4321, aaaa: most characters follow from the one before."""
    steps = [ord(b) - ord(a) for a, b in pairwise(secret)]
    return sum(step in (-1, 0, 1) for step in steps) * 2 > len(steps)


def receipt_weakness(key: str) -> str | None:
    """As `weakness`, of a seed of 32 bytes in base64."""
    try:
        seed = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != RECEIPT_BYTES:
        return f"must be {RECEIPT_BYTES} bytes in base64: openssl rand -base64 32"
    if len(set(seed)) < FEWEST_KINDS or _runs_on(seed.decode("latin-1")):
        return "repeats itself or runs on: openssl rand -base64 32"
    return None


def is_near(host: str, trusted: set[str]) -> bool:
    """On this machine, or named as of a trusted network."""
    if not host or host.startswith(("/", "@")) or host == "localhost" or host.lower() in trusted:
        return True  # the first three: a socket of this machine
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def plain_url(url: str, plain: str, trusted: set[str]) -> bool:
    """Whether what goes there could be read on its way. `plain`: the scheme that does not encrypt."""
    there = urlsplit(url)
    return there.scheme == plain and not is_near(there.hostname or "", trusted)


def plain_database(url: str, trusted: set[str]) -> bool:
    """As `plain_url`, of a libpq URL, which may name several hosts."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:
        return False  # whoever connects says what is wrong with it
    mode = given.get("sslmode") or os.environ.get("PGSSLMODE")
    hosts = str(given.get("hostaddr") or given.get("host") or os.environ.get("PGHOST") or "")
    return mode not in ENCRYPTED and not all(is_near(host, trusted) for host in hosts.split(","))


def trusts_everybody(proxies: str) -> bool:
    """Or whole parts of the internet, which no ward's proxies fill."""
    return any(each == "*" or _is_vast(each) for each in _listed(proxies))


def _is_vast(network: str) -> bool:
    try:
        named = ip_network(network, strict=False)
    except ValueError:
        return False
    return named.prefixlen < WIDEST_OF_PROXIES[named.version]


def hosts(names: str) -> set[str]:
    return {each.lower() for each in _listed(names)}


def _listed(names: str) -> Iterator[str]:
    return (each.strip() for each in names.split(",") if each.strip())
