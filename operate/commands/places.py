"""The commands `nerirepo places ...`: geometry in, looked at first, and back to an earlier version."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from operate import home
from operate.supervising import parts

if TYPE_CHECKING:
    from nerirepo.places.collection import Hints
    from nerirepo.places.load import Loaded

app = typer.Typer(no_args_is_help=True, help="Geometry: boundary, towns, parks, roads, ...")

File = Annotated[typer.FileBinaryRead, typer.Argument(help="GeoJSON, a zipped Shapefile or a GeoPackage.")]
Layer = Annotated[str, typer.Option(help="boundary, neighbours, towns, parks, roads or facilities.")]
Column = Annotated[
    list[str], typer.Option(metavar="OURS=THEIRS", help="Where the file has a property: name=公園名")
]
Value = Annotated[list[str], typer.Option(metavar="OURS=VALUE", help="What holds for all: owner=区立")]
Encoding = Annotated[str | None, typer.Option(help="Of the words, when not UTF-8 or CP932.")]
Crs = Annotated[int | None, typer.Option(help="EPSG number, for a file that names no system: 6668, 6677.")]
Table = Annotated[str | None, typer.Option(help="Which table or Shapefile, where the file holds several.")]

Force = Annotated[bool, typer.Option(help="Also what lies mostly outside the ward.")]


@app.command("load")
def load(
    file: File,
    layer: Layer,
    column: Column = [],  # noqa: B006 (typer copies it)
    value: Value = [],  # noqa: B006
    encoding: Encoding = None,
    crs: Crs = None,
    table: Table = None,
    force: Force = False,
) -> None:
    """Load a file of geometry as a new version of a layer, and switch it on."""
    hints = _hints(column, value, encoding, crs, table)
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import transaction
        from nerirepo.places.load import load_layer
        from nerirepo.publication.reference import refresh_reference

        with transaction() as session:
            loaded = load_layer(session, file, layer, Path(file.name).name, hints, _progress, force=force)
            refresh_reference(session)
    _tell(loaded)
    typer.echo(f"{layer}: {loaded.features} features, version {loaded.version}, switched on")


@app.command("try")
def try_file(
    file: File,
    layer: Layer,
    column: Column = [],  # noqa: B006
    value: Value = [],  # noqa: B006
    encoding: Encoding = None,
    crs: Crs = None,
    table: Table = None,
    force: Force = False,
    most: Annotated[int, typer.Option(min=1, help="How many of the newest reports.")] = 10_000,
) -> None:
    """Show which past reports would be routed differently, and change nothing."""
    hints = _hints(column, value, encoding, crs, table)
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import transaction
        from nerirepo.places.try_layer import try_layer
        from nerirepo.reports.past_places import past_places

        with transaction() as session:
            past = past_places(session, most)
            tried = try_layer(
                session, file, layer, Path(file.name).name, past, hints, force=force, tell=_tell
            )
            with typer.progressbar(tried, len(past), label="trying") as bar:
                found = [each for each in bar if each]
            session.rollback()
        for each in found:
            typer.echo(f"{each.past.label}  {each.past.category_code}:  {each.before}  ->  {each.after}")
    typer.echo(f"{len(found)} of {len(past)} reports would be routed differently; nothing was changed")


@app.command("versions")
def show_versions() -> None:
    """List the kept versions of every layer."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import reading
        from nerirepo.places.versions import versions

        with reading() as session:
            for each in versions(session):
                typer.echo(
                    f"{'*' if each.is_active else ' '} {each.id:5}  {each.layer:10}  {each.features:6}"
                    f" features  {each.loaded_at:%Y-%m-%d %H:%M} UTC  {each.source}"
                )


@app.command("switch")
def switch_to(version: Annotated[int, typer.Argument(help="Of `nerirepo places versions`.")]) -> None:
    """Make a kept version the active one of its layer, as a whole."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import transaction
        from nerirepo.places.versions import switch
        from nerirepo.publication.reference import refresh_reference

        with transaction() as session:
            found = switch(session, version)
            refresh_reference(session)
            said = f"{found.layer}: version {found.id} ({found.source}), switched on"
    typer.echo(said)


def _tell(loaded: "Loaded") -> None:
    for remark in loaded.remarks:
        typer.echo(f"look: {remark}")
    for name in loaded.lost:
        typer.echo(f"gone: {name}")


def _progress(done: int, of: int) -> None:
    """On one line, for a person who waits."""
    if sys.stderr.isatty():
        typer.echo(f"\r{done} of {of} features" + ("\n" if done == of else ""), nl=False, err=True)


def _hints(
    columns: list[str], values: list[str], encoding: str | None, crs: int | None, table: str | None
) -> "Hints":
    from nerirepo.places.collection import Hints

    return Hints(encoding, crs, table, _pairs(columns, "--column"), _pairs(values, "--value"))


def _pairs(given: list[str], option: str) -> dict[str, str]:
    pairs = {name: value for name, _, value in (each.partition("=") for each in given)}
    if not all(pairs) or not all(pairs.values()):
        raise typer.BadParameter("write it as name=value", param_hint=option)
    return pairs
