"""The commands `nerirepo posting ...`: take no posts for a while, and say why."""

from typing import Annotated

import typer

from operate import home
from operate.supervising import parts

app = typer.Typer(no_args_is_help=True, help="Whether residents can post.")


@app.command("close")
def close(
    ja: Annotated[str, typer.Option(help="The reason that residents read, in Japanese.")],
    en: Annotated[str, typer.Option(help="The same in English.")],
) -> None:
    """Take no posts; apps keep what people write and send it once posting is open again."""
    _set(is_open=False, reason={"ja": ja, "en": en})
    typer.echo("posting is closed; nerirepo posting open")


@app.command("open")
def open_again() -> None:
    """Take posts again."""
    _set(is_open=True, reason=None)
    typer.echo("posting is open")


def _set(*, is_open: bool, reason: dict[str, str] | None) -> None:
    with parts.at_hand(home.enter()):
        from nerirepo.catalogue import read as catalogue
        from nerirepo.database.db import transaction
        from nerirepo.publication.reference import refresh_reference

        with transaction() as session:
            ward = catalogue.ward(session)
            ward.posting_open, ward.posting_closed_reason = is_open, reason
            session.add(ward)
            session.flush()
            refresh_reference(session)
