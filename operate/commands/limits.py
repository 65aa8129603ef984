"""The commands `nerirepo limits ...`: what was counted against somebody, and forgetting it."""

from typing import Annotated

import typer

from operate import home
from operate.supervising import parts

app = typer.Typer(no_args_is_help=True, help="Limits that keep somebody out.")

Subject = Annotated[str, typer.Argument(help="An e-mail address, a client's network address, or an id.")]


def counted_as(subject: str) -> list[str]:
    """In which forms counters know `subject`."""
    from nerirepo.base.clients import networks
    from nerirepo.reporters.mailbox import mailbox
    from nerirepo.words.address import known_as

    written = known_as(subject)
    forms = [written, *(each for each in networks(written) if each)]
    if "@" in written:
        forms.append(mailbox(written))
    return list(dict.fromkeys(forms))


@app.command("show")
def show(subject: Subject) -> None:
    """Say what has been counted for an address, a client or a person. Counters know only hashes of them."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import reading
        from nerirepo.database.rate_limit import standing

        with reading() as session:
            found = [each for form in counted_as(subject) for each in standing(session, form)]
    for each in found:
        typer.echo(f"{each.counted:8} {each.name}, kept until {each.forget_at:%Y-%m-%d %H:%M} UTC")
    if not found:
        typer.echo("nothing is counted")


@app.command("lift")
def lift_limits(subject: Subject) -> None:
    """Forget what has been counted for an address, a client or a person: they begin anew."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import transaction
        from nerirepo.database.rate_limit import lift

        with transaction() as session:
            lifted = sum(lift(session, form) for form in counted_as(subject))
    typer.echo(f"lifted: {lifted} counters")
