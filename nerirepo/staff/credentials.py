"""What does a member sign in with, and is it right? A password (argon2id) and a six-digit code (TOTP)."""

import hmac
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from pyotp import random_base32
from pyotp.totp import TOTP

from nerirepo.base import clock
from nerirepo.words import typed_code
from nerirepo.words.invisible import without_invisible

GROUPS, LETTERS_OF_A_GROUP = 4, 4
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is mistaken for something else on paper. 16 letters of 31 are 79 bits."""

CODE_DIGITS = 6
STEPS_OF_DRIFT = 1
"""Half minutes by which a phone's clock may be wrong, either way."""

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


def is_password(password_hash: str, password: str) -> bool:
    """Pasted, it may come in full-width letters or with blanks around it: ours have neither."""
    typed = without_invisible(unicodedata.normalize("NFKC", password)).strip()
    try:
        return _hasher.verify(password_hash, typed)
    except VerificationError:
        return False


def steps_of_code(totp_secret: str, totp: str) -> list[int]:
    """The half minutes, counted from 1970, that may be now and whose code this is: hardly ever two."""
    generator = TOTP(totp_secret)
    now = generator.timecode(clock.now())
    typed = typed_code.read(totp, CODE_DIGITS)
    return [
        step
        for step in range(now - STEPS_OF_DRIFT, now + STEPS_OF_DRIFT + 1)
        if hmac.compare_digest(generator.generate_otp(step).encode(), typed.encode())
    ]
