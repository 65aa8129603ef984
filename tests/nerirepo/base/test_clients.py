"""What one client of the network is, address by address."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nerirepo.base.clients import networks


@pytest.mark.parametrize(
    ("address", "near", "wide"),
    [
        ("203.0.113.5", "203.0.113.5", None),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("::1", "::/64", "::/48"),
        ("::ffff:203.0.113.5", "203.0.113.5", None),
        ("::ffff:cb00:7105", "203.0.113.5", None),
        ("2002:cb00:7105::1", "203.0.113.5", None),
        ("2002:cb00:7105:9:8:7:6:5", "203.0.113.5", None),
        ("2001:0:4136:e378:8000:63bf:34ff:8efa", "203.0.113.5", None),
        ("64:ff9b::203.0.113.5", "203.0.113.5", None),
        ("::203.0.113.5", "203.0.113.5", None),
        (" 203.0.113.5 ", "203.0.113.5", None),
        ("testclient", "testclient", None),
        ("", "", None),
        ("203.0.113.5:8080", "203.0.113.5:8080", None),
    ],
)
def test_an_address_is_counted_as_the_line_that_it_comes_by(
    address: str, near: str, wide: str | None
) -> None:
    assert networks(address) == (near, wide)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_whoever_has_a_64_has_one_counter(one: int, other: int) -> None:
    line = int(IPv6Address("2400:4050:1:2::"))
    assert networks(str(IPv6Address(line + one))) == networks(str(IPv6Address(line + other)))


@settings(max_examples=50)
@given(st.one_of(st.text(), st.ip_addresses().map(str)))
def test_nothing_that_a_proxy_says_is_too_odd(address: str) -> None:
    near, wide = networks(address)
    assert near == address or wide is None or near.endswith("/64")
