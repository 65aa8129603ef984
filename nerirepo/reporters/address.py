"""Is this an e-mail address, and how do we write it?"""

from email_validator import EmailNotValidError, validate_email

from nerirepo.errors import FieldFault, Invalid
from nerirepo.settings import settings


class EmailInvalid(Invalid):
    """This is not an e-mail address."""

    code = "email_invalid"


def normalised(email: str) -> str:
    """The address in the one way we write it: lower case, ASCII. Raises `EmailInvalid`."""
    try:
        # Whether the domain takes mail is found out by mailing: asking DNS would make us wait for others.
        checked = validate_email(
            email,
            check_deliverability=False,
            allow_smtputf8=False,
            test_environment=settings().environment != "production",
        )
    except EmailNotValidError as fault:
        raise EmailInvalid(faults=(FieldFault("email", "email_invalid", str(fault)),)) from fault
    return str(checked.ascii_email).lower()
