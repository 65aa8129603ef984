"""Which terms does a resident agree to? Their text makes the version, which nobody can forget to raise."""

import hashlib

from nerirepo.catalogue.tables import Ward
from nerirepo.words.language import DEFAULT

LENGTH = 12
"""Hex digits: enough to tell apart all the versions that a ward will ever write."""


def terms_version(ward: Ward) -> str:
    """Of the text in the language that counts: a better translation is no new promise."""
    text = ward.texts.get("terms", {}).get(DEFAULT, "")
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
