"""Who is one client of the network? Pure: an address in, what its limits are counted by out.

A household or a rented server has a /64 of IPv6 and may take another of its 2^64 addresses each time; an
organisation has a /48. What is written as IPv6 and leads to one IPv4 address counts as that.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

NEAR, WIDE = 64, 48
"""Leading bits of an IPv6 address: one line of a provider, and one organisation."""
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""Where the last four bytes are an IPv4 address: translated (RFC 6052), and the old "compatible" form."""


def networks(client: str) -> tuple[str, str | None]:
    """(what is one client, the wider network around it). What is no address stands for itself."""
    try:
        address = ip_address(client.strip().partition("%")[0])
    except ValueError:
        return client, None
    if isinstance(address, IPv6Address):
        address = _within(address) or address
    if isinstance(address, IPv4Address):
        return str(address), None
    return _network(address, NEAR), _network(address, WIDE)


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one was made of: mapped, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]  # the client; the other is its server
    if any(address in each for each in _NAT64) and int(address) > 0xFFFF:  # :: and ::1 are themselves
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def _network(address: IPv6Address, bits: int) -> str:
    return str(IPv6Network((address, bits), strict=False))
