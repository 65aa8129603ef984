"""What does an app do about each error? The table that `mobile_contract/errors.md` is made of."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.mobile.contract import CODES, NO_ROUTE
from nerirepo.base.errors import ServiceError
from web.errors import status_of


class Then(StrEnum):
    """What becomes of a post, a photo or whatever else an app holds and wanted to send."""

    REPEAT = "repeat"
    """Keep it and send exactly the same later. These, and only these, are `retryable`."""
    MEND = "mend"
    """Keep it; the same alone will not do: first do what the table says, then send."""
    END = "end"
    """There is nothing to send any more: take it from the queue."""


@dataclass(frozen=True)
class Advice:
    then: Then
    do: str


_WAIT = "Wait as long as `Retry-After` says (or grow the wait), then send the same."
_SIGN_IN_AGAIN = "Ask for a new code with `POST /v1/sign-in`; keep the queue meanwhile."

ADVICE = {
    "answer_invalid": Advice(Then.MEND, "Fetch the categories anew and let the person answer again."),
    "app_too_old": Advice(
        Then.MEND, "Ask the person to update. Keep the queue: posts and photos are still taken for 12 months."
    ),
    "category_unknown": Advice(Then.MEND, "Fetch the categories anew and let the person choose."),
    "challenge_expired": Advice(Then.MEND, _SIGN_IN_AGAIN),
    "challenge_tries_used": Advice(Then.MEND, _SIGN_IN_AGAIN),
    "challenge_unknown": Advice(Then.MEND, _SIGN_IN_AGAIN),
    "challenge_used": Advice(
        Then.MEND, "Somebody has signed in with this code: if its answer got lost, ask for a new code."
    ),
    "code_wrong": Advice(Then.MEND, "Let the person look again; `tries_left` says how often they may."),
    "crossed_over": Advice(Then.REPEAT, "Send the same again: it meets what the other has written."),
    "crowded": Advice(Then.REPEAT, _WAIT),
    "cursor_invalid": Advice(Then.MEND, "Begin the list again without a cursor."),
    "database_away": Advice(Then.REPEAT, _WAIT),
    "disk_full": Advice(Then.REPEAT, _WAIT),
    "email_invalid": Advice(Then.MEND, "Let the person look at the address."),
    "filter_invalid": Advice(Then.MEND, "Mend the query; `errors` names the parameters."),
    "internal": Advice(Then.REPEAT, "Wait, longer each time, and send the same."),
    "invalid": Advice(
        Then.MEND,
        "A fault of the app, or words that cannot be taken: `errors` names each. Keep the draft.",
    ),
    "layer_missing": Advice(Then.REPEAT, _WAIT),
    "method_not_allowed": Advice(Then.MEND, "A fault of the app. Keep what it holds for its next version."),
    "move_not_possible": Advice(
        Then.END, "The report has moved on (`report_status`): read it again and show that."
    ),
    "not_closed_yet": Advice(Then.END, "The report is open (again): read it again and show that."),
    "not_found": Advice(Then.MEND, "A fault of the app. Keep what it holds for its next version."),
    "not_signed_in": Advice(
        Then.MEND,
        "Sign in again (the token ended), then send the same. Keep the queue.",
    ),
    "other_question": Advice(
        Then.END, "Ask what `can.asks` says: without a repair nothing is fixed; the answer helped, or not."
    ),
    "outside_ward": Advice(
        Then.MEND, "Let the person move the pin, or tell `neighbour` instead; a draft until they decide."
    ),
    "photo_bytes_differ": Advice(Then.REPEAT, "The bytes broke on their way: send them again from the file."),
    "photo_id_taken": Advice(
        Then.MEND,
        "This id names other bytes. Give the photo a new id, in its report too, and announce it.",
    ),
    "photo_link_invalid": Advice(
        Then.MEND, "The address has expired: announce the same photo again, and use the one that comes."
    ),
    "photo_not_found": Advice(Then.MEND, "Announce the photo again with the same id."),
    "photo_not_taken": Advice(
        Then.MEND, "Make a JPEG within the limits of `GET /v1/service` and announce it under a new id."
    ),
    "photo_unknown": Advice(Then.MEND, "Announce the photos that `errors` names, then send the same."),
    "place_not_in_japan": Advice(Then.MEND, "Are `lat` and `lon` exchanged? Let the person set the pin."),
    "posting_closed": Advice(Then.REPEAT, "Tell the person that it will be sent later. " + _WAIT),
    "registration_incomplete": Advice(
        Then.MEND, "Ask whether they live, work or study here, `PATCH /v1/me`, then send the same report."
    ),
    "report_empty": Advice(Then.MEND, "Let the person add words or a photo."),
    "report_erased": Advice(Then.END, "Its sender has had it erased. Delete it here, too."),
    "report_id_taken": Advice(
        Then.MEND,
        "Other words were taken in under this id. Read `GET /v1/reports/{report_id}`: if it is one's own,"
        " what is new goes in as a comment; if it is not found, send under a new id.",
    ),
    "report_not_found": Advice(
        Then.END, "It is not one's own and not public. Forget it, and what was meant for it."
    ),
    "report_taken_back": Advice(Then.END, "It was public and is not any more. Forget it."),
    "resync_required": Advice(Then.MEND, "Fetch the changes from the beginning, and replace what is held."),
    "said_id_taken": Advice(
        Then.MEND,
        "Other words were taken in under this id. Read the report: if its `timeline` holds what is"
        " to be said, it has come; if not, send it under a new id.",
    ),
    "storage_away": Advice(Then.REPEAT, _WAIT),
    "tile_unknown": Advice(Then.END, "There is no such tile: draw nothing."),
    "too_large": Advice(Then.MEND, "Shorten it: `bytes_taken` is the limit."),
    "too_many": Advice(Then.REPEAT, _WAIT),
    "ward_not_loaded": Advice(Then.REPEAT, _WAIT),
}

HEAD = """\
# Errors

Made by `script/contract` from the code; do not edit.

Every error is `application/problem+json` (RFC 9457):

    {"type": "urn:nerirepo:problem:outside_ward", "title": "Unprocessable Content", "status": 422,
     "code": "outside_ward", "detail": "words for the person, in the language asked for",
     "errors": [{"field": "location.lat", "code": "...", "detail": "..."}], "retryable": false}

Decide by `code`; show `detail`. Some carry more members, named below. A code that this table does not have
may come at any time: then go by `retryable` (**true: repeat, false: mend**). An answer that is not JSON of
ours at all (a hotel's login page, a proxy's error) says nothing: repeat.

What becomes of the post, photo or answer that the app wanted to send:

- **repeat**: keep it and send exactly the same again later, under the same id. Just these are `retryable`.
- **mend**: keep it. The same alone will not do: first do what the table says. Only the person drops it.
- **end**: nothing is left to send. Take it from the queue.

| code | status | when | then | what the app does |
|---|---|---|---|---|
"""


def errors(document: dict[str, Any]) -> list[type[ServiceError]]:
    """Every error that the contract declares, by status and code."""
    declared = {
        code
        for path in document["paths"].values()
        for operation in path.values()
        for answer in operation["responses"].values()
        for code in answer.get(CODES, ())
    } | {error.code for error in NO_ROUTE}
    by_code = {error.code: error for error in _classes(ServiceError) if error.code in declared}
    return sorted(by_code.values(), key=lambda error: (status_of(error), error.code))


def written(document: dict[str, Any]) -> str:
    """`mobile_contract/errors.md`."""
    return HEAD + "".join(_row(error) for error in errors(document))


def _row(error: type[ServiceError]) -> str:
    when = inspect.cleandoc(error.__doc__ or "").splitlines()[0]
    advice = ADVICE[error.code]
    return f"| `{error.code}` | {status_of(error)} | {when} | **{advice.then}** | {advice.do} |\n"


def _classes(kind: type[ServiceError]) -> Iterator[type[ServiceError]]:
    for each in kind.__subclasses__():
        yield from _classes(each)
        yield each
