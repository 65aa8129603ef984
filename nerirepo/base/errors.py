"""What can go wrong, by kind. A concrete error stands beside the rule that raises it.

    ServiceError
     +- NotSignedIn    who are you?
     +- NotAllowed     you may not
     +- NotFound       there is no such thing (or none that you may know of)
     +- Gone           there was, and it was taken back
     +- Conflict       it contradicts what stands
     +- Stale          somebody was faster; read again
     +- Invalid        the request makes no sense
     +- TooMany        later, please
     +- Unavailable    not now; nothing was lost

The class docstring is the default message, in English; the message catalogue has the others by `code`.
"""

import inspect
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldFault:
    """One fault of a request. `field` is a dotted path such as `location.lat`."""

    field: str
    code: str
    detail: str
    is_of_form: bool = False
    """Found by the types of a request, before any rule was asked; `code` is pydantic's."""


class ServiceError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str | None = None,
        *,
        faults: tuple[FieldFault, ...] = (),
        retry_after: int | None = None,
        facts: dict[str, Any] | None = None,
    ) -> None:
        self.detail = detail or inspect.cleandoc(type(self).__doc__ or "").splitlines()[0]
        self.faults = faults
        self.retry_after = retry_after
        """Seconds."""
        self.facts = facts or {}
        """Further members of the answer, such as the neighbour that a place belongs to."""
        super().__init__(self.detail)


class NotSignedIn(ServiceError):
    """Please sign in."""

    code = "not_signed_in"


class NotAllowed(ServiceError):
    """This is not allowed."""

    code = "not_allowed"


class NotFound(ServiceError):
    """There is nothing here."""

    code = "not_found"


class Gone(ServiceError):
    """This was taken back."""

    code = "gone"


class Conflict(ServiceError):
    """This contradicts what is already there."""

    code = "conflict"


class Stale(ServiceError):
    """This was changed in the meantime. Please read it again."""

    code = "stale"


class Invalid(ServiceError):
    """The request is not valid."""

    code = "invalid"


class TooMany(ServiceError):
    """Too many requests. Please wait a little."""

    code = "too_many"
    retryable = True


class Unavailable(ServiceError):
    """The service cannot do this at the moment. Please try again."""

    code = "unavailable"
    retryable = True
