"""/open-data: everything that is published, for machines: CSV, JSON, GeoJSON, and what its fields mean."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from email.utils import format_datetime, parsedate_to_datetime
from itertools import chain
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from nerirepo.clock import in_japan
from nerirepo.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import FIELDS, Filters, Record
from nerirepo.settings import settings
from web_public.answer import CACHE, has, keep, page
from web_public.kept import kept
from web_public.visit import Visit

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FILTERS = ("category", "status", "town", "department", "since", "until", "q", "bbox")
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "geojson": "application/geo+json"}

_BOM = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Lines = Iterator[str]


def open_data(request: Request) -> Response:
    def make(_: Session, visit: Visit) -> Response:
        return page(request, visit, "open_data.html", fields=FIELDS, formats=FORMATS, licence=LICENCE)

    return kept(request, make)


def reports(request: Request) -> Response:
    """The file, written while it is read: its length never matters to us."""
    form = request.url.path.rpartition(".")[2]
    filters = filters_of(request)
    with public_reading() as session:
        revision = read.revision(session)
        changed_at = read.last_change(session)
        ward = read.ward(session)
        ward.check(session, filters)
    attribution = _attribution(ward)
    etag = f'"{hashlib.sha256(f"{revision} {request.url.path} {filters!r}".encode()).hexdigest()[:32]}"'
    headers = {
        "Cache-Control": CACHE,
        "Content-Disposition": f'attachment; filename="reports.{form}"',
        "Content-Type": FORMATS[form],
        "ETag": etag,
        "Link": f'<{LICENCE}>; rel="license"',
        "Access-Control-Allow-Origin": "*",  # it is for everybody's programs, in browsers too
    }
    if changed_at:
        headers["Last-Modified"] = format_datetime(changed_at, usegmt=True)
    if has(request, etag) or _is_as_old(request, headers.get("Last-Modified")):
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        return Response(headers=headers)
    batches = read.batches(filters)
    # Fetched before the answer begins: a database that is away becomes a friendly 503, and no half of a file.
    first = next(batches, [])
    return StreamingResponse(_WRITERS[form](chain([first], batches), attribution), headers=headers)


def statistics(request: Request) -> Response:
    """The numbers of all reports, of which some are not published. None of them is 1 or 2."""
    with public_reading() as session:
        found = read.statistics(session)
    rows = [read.plain(row) for rows in found.rows.values() for row in rows]
    for row in rows:
        row["counted_at"] = in_japan(row["counted_at"]).isoformat(timespec="seconds")
    body = _BOM + _written([list(read.COLUMNS), *([row[column] for column in read.COLUMNS] for row in rows)])
    headers = {
        "Cache-Control": CACHE,
        "Content-Disposition": 'attachment; filename="statistics.csv"',
        "Access-Control-Allow-Origin": "*",
    }
    return keep(request, body.encode(), FORMATS["csv"], headers)


def filters_of(request: Request) -> Filters:
    return Filters.parse(**{name: request.query_params.get(name) for name in FILTERS})


def _is_as_old(request: Request, last_modified: str | None) -> bool:
    held = request.headers.get("if-modified-since")
    if "if-none-match" in request.headers or not held or not last_modified:
        return False
    try:
        return parsedate_to_datetime(held) >= parsedate_to_datetime(last_modified)
    except (ValueError, TypeError):
        return False


def _attribution(ward: read.Ward) -> str:
    return " ".join(part["ja"] for part in (ward.profile.get("names"), _service(ward)) if part)


def _service(ward: read.Ward) -> dict[str, str] | None:
    return ward.profile.get("service", {}).get("names")


def _absolute(record: Record) -> dict[str, Any]:
    base = settings().base_url
    photos = {role: [f"{base}{path}" for path in record[role]] for role in ("photos_before", "photos_after")}
    return {"url": f"{base}/reports/{record['number']}"} | record | photos


def _csv(batches: Iterator[list[Record]], _: str) -> Lines:
    yield _BOM + _written([["url", *FIELDS]])
    for batch in batches:
        yield _written([[_cell(value) for value in _absolute(record).values()] for record in batch])


def _written(rows: list[list[Any]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _cell(value: Any) -> Any:
    """As text that no spreadsheet takes for a formula."""
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return " ".join(value)
        case str() if value.startswith(_BEGINS_A_FORMULA):
            return f"'{value}"
        case _:
            return value


def _json(batches: Iterator[list[Record]], attribution: str) -> Lines:
    yield f'{{"license":"{LICENCE}","attribution":{_dumped(attribution)},"reports":[\n'
    yield from _joined(_absolute(record) for batch in batches for record in batch)
    yield "\n]}\n"


def _geojson(batches: Iterator[list[Record]], attribution: str) -> Lines:
    yield '{"type":"FeatureCollection",'
    yield f'"license":"{LICENCE}","attribution":{_dumped(attribution)},"features":[\n'
    yield from _joined(_feature(_absolute(record)) for batch in batches for record in batch)
    yield "\n]}\n"


def _feature(record: dict[str, Any]) -> dict[str, Any]:
    latitude, longitude = record.pop("latitude"), record.pop("longitude")
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": record["number"], "geometry": point, "properties": record}


def _joined(things: Iterator[dict[str, Any]]) -> Lines:
    for position, thing in enumerate(things):
        yield (",\n" if position else "") + _dumped(thing)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_WRITERS: dict[str, Callable[[Iterator[list[Record]], str], Lines]] = {
    "csv": _csv,
    "json": _json,
    "geojson": _geojson,
}
