"""What does a process write into its log, and what never?

One line an event, as JSON, with the request's or the job's id; on a terminal it is shown for people to
read. Never what people have written: no query strings, no addresses, and of an exception its kind and where
it was raised but not its words, since those of a database or a mail server repeat what they were given.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any, TextIO

import orjson
import structlog

from nerirepo.base.settings import settings

ADDRESS = re.compile(r"[^\s<>\"'=(,]+@[^\s<>\"'),]+")
DEEPEST = 30
"""Frames of an exception that are kept, the innermost."""

Event = MutableMapping[str, Any]


class _Output:
    """Where our own lines go, straight. What cannot be written is lost: a full disk stops nobody."""

    def __init__(self, to: TextIO, name: str) -> None:
        self.name = name
        self._to = to

    def write(self, line: str) -> None:
        with suppress(OSError, ValueError):
            self._to.write(f"{line}\n")
            self._to.flush()

    debug = info = warning = error = critical = write


def configure(process: str) -> None:
    """From now on everything that this process logs, libraries too, leaves that way on its output.

    Our own lines go around the standard library's logging, which takes four times as long: each request
    has one.
    """
    structlog.contextvars.bind_contextvars(process=process)
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_words,
        _without_addresses,
    ]
    readable = [_on_lines, structlog.dev.ConsoleRenderer()]
    rendering = readable if sys.stderr.isatty() else [structlog.processors.JSONRenderer(_json)]
    structlog.configure(
        processors=[*shared, *rendering],
        logger_factory=partial(_Output, sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(settings().log_level),
    )
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[remove_meta, *rendering]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.raiseExceptions = False  # what cannot be logged is lost: the default writes its words instead
    logging.basicConfig(level=settings().log_level, handlers=[handler], force=True)
    # Below WARNING they write each job's arguments, and each object's key.
    for talkative in ("procrastinate", "botocore", "boto3", "urllib3", "PIL"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def _json(event: Event, default: Callable[[Any], Any]) -> str:
    return orjson.dumps(event, default).decode()


def _without_words(_: Any, __: str, event: Event) -> Event:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = told(error)
    return event


def _on_lines(_: Any, __: str, event: Event) -> Event:
    if "exception" in event:
        event["exception"] = "\n".join(event["exception"])
    return event


def _without_addresses(_: Any, __: str, event: Event) -> Event:
    event["event"] = ADDRESS.sub("(address)", str(event.get("event", "")))
    return event


def told(error: BaseException) -> list[str]:
    """An exception and its causes: kinds, codes, and the places they came through. Never their words."""
    lines = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(" ".join([f"{type(seen).__module__}.{type(seen).__qualname__}", *_codes(seen)]))
        for frame in traceback.extract_tb(seen.__traceback__)[-DEEPEST:]:
            lines.append(f"  {frame.filename}:{frame.lineno} {frame.name}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines


def _codes(error: BaseException) -> list[str]:
    """What an exception says in codes: SQLSTATE and constraint, errno, an SMTP code, our own codes."""
    codes = {
        "sqlstate": getattr(error, "sqlstate", None),
        "constraint": getattr(getattr(error, "diag", None), "constraint_name", None),
        "errno": getattr(error, "errno", None),
        "code": getattr(error, "code", None),
    }
    return [f"{name}={value}" for name, value in codes.items() if isinstance(value, int | str)]
