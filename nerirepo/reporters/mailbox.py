"""Which mailbox does an address lead to? Pure, and for limits only: an account keeps its address as typed."""

_SAME = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
}
"""Domains of one provider in which a name means the same person."""
_IGNORED = {"gmail.com": ".", "proton.me": ".-_"}
"""Signs that a provider does not see in a name."""
_TAG_FIRST = ("fastmail.com", "fastmail.fm")
"""Here `anything@hanako.fastmail.com` is a tag of hanako's, too."""


def mailbox(email: str) -> str:
    """`email` in lower case, without what its provider ignores; `+tag` is taken off in every domain.

    Where a provider does not know tags, two people whose names differ in one share a limit: nobody else does.
    """
    name, _, domain = email.rpartition("@")
    domain = _SAME.get(domain, domain)
    for provider in _TAG_FIRST:
        if domain.endswith(f".{provider}"):
            name, domain = domain.removesuffix(f".{provider}"), provider
    name = name.partition("+")[0] or name
    for sign in _IGNORED.get(domain, ""):
        name = name.replace(sign, "")
    return f"{name}@{domain}"
