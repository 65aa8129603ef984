"""What the ward's staff have to say to everybody: a closed bridge, a typhoon, days without an office."""

from collections.abc import Sequence

from psycopg.types.json import Jsonb
from sqlmodel import Session, select

from nerirepo.catalogue import read
from nerirepo.catalogue.profile import Notice
from nerirepo.catalogue.tables import Ward
from nerirepo.database import sql


def notices(session: Session) -> list[Notice]:
    """All, those of the past and of later days too. Raises `WardNotLoaded`."""
    return read.ward(session).profile.notices


def replace_notices(session: Session, wanted: Sequence[Notice]) -> None:
    """In the place of all; of two with one code the later stands."""
    _write(session, _locked(session), wanted)


def add_notice(session: Session, notice: Notice) -> None:
    """Before the others, as the newest."""
    ward = _locked(session)
    _write(session, ward, [notice, *ward.profile.notices])


def remove_notice(session: Session, code: str) -> None:
    """Without one of this code it does nothing: somebody else was faster."""
    ward = _locked(session)
    _write(session, ward, [each for each in ward.profile.notices if each.code != code])


def _locked(session: Session) -> Ward:
    # Two who add a notice at once would each write the list without the other's.
    ward = session.exec(select(Ward).with_for_update().execution_options(populate_existing=True)).first()
    if ward is None:
        raise read.WardNotLoaded
    return ward


def _write(session: Session, ward: Ward, notices: Sequence[Notice]) -> None:
    """The notices alone: whatever else another release has stored stays."""
    by_code = {each.code: each.model_dump(mode="json") for each in notices}
    sql.run(
        session,
        "UPDATE ward SET profile = jsonb_set(profile, '{notices}', :notices) WHERE code = :code",
        {"notices": Jsonb(list(by_code.values())), "code": ward.code},
    )
    session.expire(ward)
