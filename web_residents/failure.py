"""How does an error look to somebody who opened a link? A friendly page with the right status."""

from collections.abc import Callable, Coroutine
from typing import Any

from anyio import to_thread
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData

from nerirepo.base.errors import Invalid, ServiceError
from nerirepo.catalogue.profile import Profile
from nerirepo.database import db
from web.errors import from_database, status_of
from web_residents.page import language_of, page, ward_profile

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose errors are pages, and not problems for a program."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handle_kindly(request: Request) -> Response:
            try:
                return await handle(request)
            except ServiceError as error:
                known = error
            except RequestValidationError:
                known = Invalid()
            except SQLAlchemyError as error:
                known = from_database(error)
                if known is None:
                    raise
            typed = await _typed(request) if known.retryable and request.method == "POST" else None
            return await to_thread.run_sync(failure, request, known, typed)

        return handle_kindly


async def _typed(request: Request) -> FormData:
    # As it was read already, but for its files.
    already: FormData | None = getattr(request.state, "typed", None)
    return already if already is not None else await request.form(max_fields=100)


def failure(request: Request, error: ServiceError, typed: FormData | None = None) -> Response:
    """The page for `error`, in the browser's language: an unreadable link names none.

    What somebody `typed` is not lost where it could not be taken just now: a button sends it again.
    """
    lang = language_of(request)
    fields = typed.multi_items() if typed else []
    answer = page(
        "failure.j2",
        lang,
        _ward(),
        status=status_of(type(error)),
        code=error.code,
        is_busy=error.retryable,
        typed=[(name, value) for name, value in fields if isinstance(value, str)],
        has_photos=any(not isinstance(value, str) and value.size for _, value in fields),
    )
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _ward() -> Profile | None:
    try:
        with db.reading() as session:
            return ward_profile(session)
    except (ServiceError, SQLAlchemyError):
        return None
