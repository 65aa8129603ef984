"""What does a member sign in with, and is it right? A password (argon2id) and a six-digit code (TOTP)."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from pyotp import random_base32
from pyotp.totp import TOTP

GROUPS, LETTERS_OF_A_GROUP = 4, 4
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is mistaken for something else on paper. 16 letters of 31 are 79 bits."""

STEPS_OF_DRIFT = 1
"""Half minutes by which a phone's clock may be wrong, either way.

A code may be used again while it is shown: somebody who signs in on the desk's computer and on a phone in the
same half minute is no attacker, and whoever reads over a shoulder still lacks the password.
"""

_hasher = PasswordHasher()


def new_password() -> str:
    """Four groups of four letters, such as `k7mq-w2ha-94tn-ehx3`."""
    return "-".join(
        "".join(secrets.choice(_READABLE) for _ in range(LETTERS_OF_A_GROUP)) for _ in range(GROUPS)
    )


def new_totp_secret() -> str:
    return random_base32()


def hashed(password: str) -> str:
    return _hasher.hash(password)


@cache
def nobodys() -> tuple[str, str]:
    """Hash and secret to check against where there is no member, so that a refusal takes as long as any."""
    return hashed(new_password()), new_totp_secret()


def are_right(password_hash: str, totp_secret: str, password: str, totp: str) -> bool:
    """Both are always checked: how long a refusal takes does not say which of them was wrong."""
    try:
        password_is_right = _hasher.verify(password_hash, password)
    except VerificationError:
        password_is_right = False
    code_is_right = TOTP(totp_secret).verify(totp.replace(" ", ""), valid_window=STEPS_OF_DRIFT)
    return password_is_right and code_is_right
