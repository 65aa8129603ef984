"""/open-data: everything that is published, for machines: CSV, JSON, GeoJSON, and what its fields mean."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from nerirepo.base.clock import in_japan
from nerirepo.base.errors import FieldFault
from nerirepo.base.settings import settings
from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import FIELDS, FilterInvalid, Filters, Record
from nerirepo.publication.read.towns import towns
from nerirepo.words.language import plain_tag
from web_public.answer import page
from web_public.conditional_get import cached
from web_public.download import LICENCE, Chunks, download
from web_public.find import FILTERS
from web_public.page_context import PageContext

FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "geojson": "application/geo+json"}

LONGEST_NAME = 64
"""Of a parameter that nobody knows, as it is told back."""

_BOM = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""
_BEGINS_A_FORMULA = tuple("=+-@＝＋－＠\t\r")
"""Full-width ones, too: some take them for the same."""


def open_data(request: Request) -> Response:
    def make(session: Session, visit: PageContext) -> Response:
        return page(
            request,
            visit,
            "open_data.html",
            fields=FIELDS,
            formats=FORMATS,
            deed=f"{LICENCE}deed.{plain_tag(visit.language)}",
            example=_example(towns(session)),
            columns=read.COLUMNS,
            counted=read.COUNTED,
        )

    return cached(request, make)


def _example(known: list[str]) -> str:
    """An address that can be pasted: no program need know how to write a town in one."""
    part = {"town": known[0]} if known else {}
    return f"{settings().base_url}/open-data/reports.csv?{urlencode(part | {'since': '2026-04-01'})}"


def reports(request: Request) -> Response:
    form = request.scope["path"].rpartition(".")[2]
    filters = filters_of(request)
    with public_reading() as session:
        change = read.last_change(session)
        ward = read.ward(session)
        ward.check(session, filters)

    def lines() -> Chunks:
        batches = read.batches(filters)
        first = next(batches, [])
        yield from _WRITERS[form](chain([first], batches), _attribution(ward))

    headers = {"Content-Disposition": f'attachment; filename="reports.{form}"'}
    return download(request, change, lines(), filters, FORMATS[form], headers)


def statistics(request: Request) -> Response:
    """The numbers of published reports, and in steps how many are not published."""
    only(request)
    with public_reading() as session:
        change = read.last_change(session)

    def lines() -> Chunks:
        with public_reading() as session:
            found = read.statistics(session)
        rows = [read.plain(row) for rows in found.rows.values() for row in rows]
        for row in rows:
            row["counted_at"] = in_japan(row["counted_at"]).isoformat(timespec="seconds")
        yield _BOM + _written(
            [list(read.COLUMNS), *([row[column] for column in read.COLUMNS] for row in rows)]
        )

    headers = {"Content-Disposition": 'attachment; filename="statistics.csv"'}
    return download(request, change, lines(), None, FORMATS["csv"], headers)


def filters_of(request: Request) -> Filters:
    """Raises `FilterInvalid`, for what is no filter, too, and `LanguageUnknown`."""
    only(request, *FILTERS)
    return Filters.parse(**{name: request.query_params.get(name) for name in FILTERS})


def only(request: Request, *known: str) -> None:
    """Refuse what would be ignored: who mistypes a filter would take all there is for the part asked for.

    `lang` may stand in every address of the site.
    """
    PageContext.of(request)
    known = (*known, "lang")
    times = Counter(name for name, _ in request.query_params.multi_items())
    faults = [
        FieldFault(name[:LONGEST_NAME], "parameter_unknown", f"known: {', '.join(known)}")
        for name in times
        if name not in known
    ]
    faults += [FieldFault(name, "parameter_repeated", "once only") for name in known if times[name] > 1]
    if faults:
        raise FilterInvalid(faults=tuple(faults))


def _attribution(ward: read.Ward) -> str:
    return " ".join(part["ja"] for part in (ward.profile and ward.profile.names, _service(ward)) if part)


def _service(ward: read.Ward) -> dict[str, str] | None:
    return ward.profile.service.names if ward.profile else None


def _absolute(record: Record) -> dict[str, Any]:
    base = settings().base_url
    photos = {role: [f"{base}{path}" for path in record[role]] for role in ("photos_before", "photos_after")}
    return {"url": f"{base}/reports/{record['number']}"} | record | photos


def _csv(batches: Iterator[list[Record]], _: str) -> Chunks:
    yield _BOM + _written([["url", *FIELDS]])
    for batch in batches:
        yield _written([[_cell(value) for value in _absolute(record).values()] for record in batch])


def _written(rows: list[list[Any]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _cell(value: Any) -> Any:
    """As text that no spreadsheet takes for a formula, and no program for two lines."""
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return " ".join(value)
        case str():
            line = " ".join(value.replace("\0", " ").splitlines())
            return f"'{line}" if line.startswith(_BEGINS_A_FORMULA) else line
        case _:
            return value


def _json(batches: Iterator[list[Record]], attribution: str) -> Chunks:
    yield f'{{"license":"{LICENCE}","attribution":{_dumped(attribution)},"reports":[\n'
    yield from _joined(batches, _absolute)
    yield "\n]}\n"


def _geojson(batches: Iterator[list[Record]], attribution: str) -> Chunks:
    yield '{"type":"FeatureCollection",'
    yield f'"license":"{LICENCE}","attribution":{_dumped(attribution)},"features":[\n'
    yield from _joined(batches, _feature)
    yield "\n]}\n"


def _feature(of: Record) -> dict[str, Any]:
    record = _absolute(of)
    latitude, longitude = record.pop("latitude"), record.pop("longitude")
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": record["number"], "geometry": point, "properties": record}


def _joined(batches: Iterator[list[Record]], form: Callable[[Record], dict[str, Any]]) -> Chunks:
    for position, batch in enumerate(batches):
        yield (",\n" if position else "") + ",\n".join(_dumped(form(record)) for record in batch)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_WRITERS: dict[str, Callable[[Iterator[list[Record]], str], Chunks]] = {
    "csv": _csv,
    "json": _json,
    "geojson": _geojson,
}
