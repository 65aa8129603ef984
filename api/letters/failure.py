"""How does an error look to somebody who opened a link? A friendly page with the right status."""

from collections.abc import Callable, Coroutine
from typing import Any

from anyio import to_thread
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError

from api.letters.page import language_of, page, ward_profile
from api.problems import from_database, status_of
from nerirepo import db
from nerirepo.errors import Invalid, ServiceError

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
            return await to_thread.run_sync(failure, request, known)

        return handle_kindly


def failure(request: Request, error: ServiceError) -> Response:
    """The page for `error`, in the browser's language: an unreadable link names none."""
    lang = language_of(request, request.headers.get("accept-language", ""))
    answer = page("failure.j2", lang, _ward(), status=status_of(type(error)), code=error.code)
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _ward() -> dict[str, Any] | None:
    try:
        with db.reading() as session:
            return ward_profile(session)
    except (ServiceError, SQLAlchemyError):
        return None
