"""What the ward's staff have to say to everybody: a closed bridge, a typhoon, days without an office."""

from collections.abc import Sequence

from sqlmodel import Session, select

from nerirepo.catalogue import read
from nerirepo.catalogue.profile import Notice
from nerirepo.catalogue.tables import Ward


def notices(session: Session) -> list[Notice]:
    """All, those of the past and of later days too. Raises `WardNotLoaded`."""
    return read.ward(session).profile.notices


def replace_notices(session: Session, wanted: Sequence[Notice]) -> None:
    """In the place of all; of two with one code the later stands."""
    _write(_locked(session), wanted)


def add_notice(session: Session, notice: Notice) -> None:
    """Before the others, as the newest."""
    ward = _locked(session)
    _write(ward, [notice, *ward.profile.notices])


def remove_notice(session: Session, code: str) -> None:
    """Without one of this code it does nothing: somebody else was faster."""
    ward = _locked(session)
    _write(ward, [each for each in ward.profile.notices if each.code != code])


def _locked(session: Session) -> Ward:
    # Two who add a notice at once would each write the list without the other's.
    ward = session.exec(select(Ward).with_for_update().execution_options(populate_existing=True)).first()
    if ward is None:
        raise read.WardNotLoaded
    return ward


def _write(ward: Ward, notices: Sequence[Notice]) -> None:
    by_code = {each.code: each for each in notices}
    ward.profile = ward.profile.model_copy(update={"notices": list(by_code.values())})
