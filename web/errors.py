"""Which errors does HTTP add, which status has each, and what does a fault of the database mean?"""

import psycopg
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from nerirepo.base import errors
from nerirepo.base.errors import ServiceError

SECONDS_TO_WAIT = 5
"""Until a database or store that was restarted usually answers again."""
DISK_FULL = "53100"
"""PostgreSQL's SQLSTATE."""


class PreconditionRequired(errors.ServiceError):
    """Say with If-Match which version of it you have seen."""

    code = "precondition_required"


class MethodNotAllowed(errors.ServiceError):
    """This address does not take this method."""

    code = "method_not_allowed"


class TooLarge(errors.ServiceError):
    """This is too long to be taken here."""

    code = "too_large"


class Internal(errors.ServiceError):
    """Something went wrong on our side. Please try again."""

    code = "internal"
    retryable = True


class AppTooOld(errors.ServiceError):
    """This version of the app is too old. Please update it; what you wrote is still taken."""

    code = "app_too_old"


class DatabaseAway(errors.Unavailable):
    """The service cannot be reached at the moment. Nothing was lost; please try again."""

    code = "database_away"


class DiskFull(errors.Unavailable):
    """The service has run out of space. Nothing was lost; please try again later."""

    code = "disk_full"


class CrossedOver(errors.Conflict):
    """Another request did the same at the same time. Please try again."""

    code = "crossed_over"
    retryable = True


STATUS = {
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Stale: 412,
    TooLarge: 413,
    errors.Invalid: 422,
    AppTooOld: 426,
    PreconditionRequired: 428,
    errors.TooMany: 429,
    Internal: 500,
    errors.Unavailable: 503,
    DiskFull: 507,
}


def status_of(error: type[ServiceError]) -> int:
    """The HTTP status of an error, by its kind."""
    return next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)


def from_database(error: Exception) -> ServiceError | None:
    """What a database error means to a client; None for a fault of ours."""
    if isinstance(error, PoolExhausted):
        return DatabaseAway(retry_after=SECONDS_TO_WAIT)
    cause = getattr(error, "orig", error)
    state = getattr(cause, "sqlstate", None)
    if state == DISK_FULL:
        return DiskFull(retry_after=60)
    if isinstance(error, IntegrityError) and isinstance(cause, psycopg.errors.UniqueViolation):
        return CrossedOver(retry_after=1)
    if isinstance(error, OperationalError | psycopg.OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return DatabaseAway(retry_after=SECONDS_TO_WAIT)
    return None
