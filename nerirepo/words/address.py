"""Is this an e-mail address, and how do we write it?

People paste addresses from letters, contacts and chats: in full-width letters, behind `mailto:`, with a name,
a full stop or something that nobody sees. All of that is folded; what is left must be an address.
"""

import re
import unicodedata
from typing import Annotated
from urllib.parse import unquote

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, Strict

from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.base.settings import settings
from nerirepo.words.invisible import without_invisible

LONGEST_TYPED = 320
"""Characters that are looked at; an address itself has at most 254."""
DOTS_ANYWHERE = (
    *("docomo.ne.jp", "ezweb.ne.jp", "au.com", "vodafone.ne.jp", "softbank.ne.jp", "i.softbank.jp"),
    *("disney.ne.jp", "disneymobile.ne.jp", "jp-d.ne.jp", "jp-h.ne.jp", "jp-t.ne.jp", "jp-c.ne.jp"),
    *("jp-r.ne.jp", "jp-k.ne.jp", "jp-n.ne.jp", "jp-s.ne.jp", "jp-q.ne.jp", "pdx.ne.jp", "willcom.com"),
    *("wcm.ne.jp", "emnet.ne.jp", "emobile.ne.jp", "emobile-s.ne.jp", "ymobile.ne.jp", "ymobile1.ne.jp"),
    *("uqmobile.jp", "tu-ka.ne.jp", "sky.tkk.ne.jp"),
)
"""Telephone companies of Japan that gave out addresses with dots at an end or in a row, whatever the standard
said. Elsewhere such dots are slips of the finger."""

_WITH_A_NAME = re.compile(r"[^<>]*<([^<>]*)>[\s,;]*", re.DOTALL)
_AROUND = "「」『』【】〔〕()[]{}<>'“”‘’、。,，;；:：. \t\n\u3000"
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}", re.IGNORECASE)
_ODD_DOTS = re.compile(r"^\.|\.\.|\.$")


class EmailInvalid(Invalid):
    """This is not an e-mail address."""

    code = "email_invalid"


def normalised(email: str) -> str:
    """The address in the one way we write it: lower case, ASCII, never quoted. Raises `EmailInvalid`.

    `on_the_wire` says how mail servers want it.
    """
    typed = _unwrapped(email)
    local, at, domain = typed.rpartition("@")
    if not at or not local or not domain:
        raise _invalid("email_at_missing", "There is no @ with something on both sides.")
    if re.search(r"\s", typed):
        raise _invalid("email_blank_inside", "There is a blank inside.")
    was_quoted = len(local) > 2 and local[0] == local[-1] == '"'
    if was_quoted:
        local = local[1:-1]
    if not _LOCAL.fullmatch(local):
        raise _invalid("email_letters", "There are letters before the @ that no address has.")
    if _ODD_DOTS.search(local) and not (was_quoted or _allows_odd_dots(domain)):
        raise _invalid("email_dots", "Dots before the @ stand at an end or side by side.")
    return f"{local}@{_domain(local, domain)}".lower()


def known_as(email: str) -> str:
    """As somebody is found by it, however it was typed; what is no address is nobody's."""
    try:
        return normalised(email)
    except EmailInvalid:
        return without_invisible(email).strip().lower()


def on_the_wire(address: str) -> str:
    """As RFC 5321 wants it: a local part with odd dots is quoted."""
    local, at, domain = address.rpartition("@")
    return f'"{local}"{at}{domain}' if _ODD_DOTS.search(local) else address


def _unwrapped(email: str) -> str:
    """Without whatever came along. Two lines are no address: they are how headers are forged."""
    typed = without_invisible(unicodedata.normalize("NFKC", email[:LONGEST_TYPED])).strip()
    if "\n" in typed:
        raise _invalid("email_blank_inside", "There is more than one line.")
    if named := _WITH_A_NAME.fullmatch(typed):
        typed = named[1].strip()
    typed = typed.strip(_AROUND if not typed.startswith(".") else _AROUND.replace(".", ""))
    if typed.lower().startswith("mailto:"):
        typed = unquote(typed[len("mailto:") :].partition("?")[0]).strip()
    local, at, domain = typed.rpartition("@")
    # IDNA reads these as dots, and so do Japanese keyboards.
    domain = re.sub(r"[。｡]", ".", domain)
    return f"{local.rstrip(' ')}{at}{domain.strip(' ').rstrip('.')}"


def _allows_odd_dots(domain: str) -> bool:
    domain = domain.lower()
    return any(domain == each or domain.endswith(f".{each}") for each in DOTS_ANYWHERE)


def _domain(local: str, domain: str) -> str:
    try:
        # Whether the domain takes mail is found out by mailing: asking DNS would make us wait for others.
        # It would refuse odd dots, of which the caller knows more: it gets the same without.
        checked = validate_email(
            f"{local.replace('.', '-')}@{domain}",
            check_deliverability=False,
            allow_smtputf8=False,
            test_environment=settings().environment != "production",
        )
    except EmailNotValidError as fault:
        raise _invalid("email_domain", str(fault)) from fault
    return str(checked.ascii_domain)


def _invalid(code: str, detail: str) -> EmailInvalid:
    return EmailInvalid(faults=(FieldFault("email", code, detail),))


def _checked(email: str) -> str:
    try:
        return normalised(email)
    except EmailInvalid as fault:
        raise ValueError(fault.faults[0].detail) from fault


Address = Annotated[str, Strict(), Field(max_length=LONGEST_TYPED), AfterValidator(_checked)]
"""An address in a request of staff, written as `normalised` writes it."""
