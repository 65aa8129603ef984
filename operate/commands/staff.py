"""The commands `nerirepo staff ...`: who comes, who leaves, who has lost a phone."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from operate import home
from operate.supervising import parts

if TYPE_CHECKING:
    from nerirepo.staff.members import NewMember

app = typer.Typer(no_args_is_help=True, help="People who work on reports.")

Email = Annotated[str, typer.Option()]


@app.command("add")
def add(
    email: Email,
    name: Annotated[str, typer.Option()],
    role: Annotated[str, typer.Option(help="field, desk or admin.")],
    department: Annotated[str, typer.Option(help="Code, such as roads.")],
) -> None:
    """Add a member; prints {email, password, totp_secret} as JSON, this once."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import transaction
        from nerirepo.staff.members import add_member
        from nerirepo.staff.roles import Role

        if role not in list(Role):
            raise typer.BadParameter(f"one of {', '.join(Role)}", param_hint="--role")
        with transaction() as session:
            _show(add_member(session, email=email, name=name, role=Role(role), department=department))


@app.command("renew")
def renew(email: Email) -> None:
    """New password and code generator, for a lost phone; signs the member out. Prints as `add` does."""
    with parts.at_hand(home.enter()):
        from nerirepo.base.errors import NotFound
        from nerirepo.database.db import transaction
        from nerirepo.staff.members import renew_credentials, with_email

        with transaction() as session:
            member = with_email(session, email)
            if member is None or not member.is_active:
                raise NotFound(f"nobody here has the address {email}")
            _show(renew_credentials(session, member))


@app.command("leave")
def leave(email: Email) -> None:
    """Sign a member out everywhere, at once and for good; what they did stays theirs."""
    with parts.at_hand(home.enter()):
        from nerirepo.base.errors import NotFound
        from nerirepo.database.db import transaction
        from nerirepo.reports.reassign import release
        from nerirepo.staff.members import deactivate, with_email

        with transaction() as session:
            member = with_email(session, email)
            if member is None:
                raise NotFound(f"nobody here has the address {email}")
            deactivate(session, member)
            release(session, by=None)
    typer.echo(f"{email} is signed out and cannot sign in")


@app.command("list")
def everybody() -> None:
    """Everybody, those who left too."""
    with parts.at_hand(home.enter()):
        from nerirepo.database.db import reading
        from nerirepo.staff.members import members

        with reading() as session:
            for each in members(session):
                gone = "" if each.is_active else "  left"
                typer.echo(f"{each.email}  {each.role}  {each.department_code}{gone}")


def _show(added: "NewMember") -> None:
    typer.echo(
        json.dumps({"email": added.email, "password": added.password, "totp_secret": added.totp_secret})
    )
