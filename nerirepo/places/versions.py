"""Which versions of the layers are there, and how does one go back to an earlier one?"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from nerirepo.base.errors import NotFound
from nerirepo.places.load import lock_layer, switch_on
from nerirepo.places.tables import LayerVersion


class VersionUnknown(NotFound):
    """There is no such version of a layer. Only the last few are kept."""

    code = "layer_version_unknown"


def versions(session: Session) -> Sequence[LayerVersion]:
    """All that are kept, layer by layer, the newest first."""
    return session.exec(select(LayerVersion).order_by(LayerVersion.layer, col(LayerVersion.id).desc())).all()


def switch(session: Session, version: int) -> LayerVersion:
    """Make a kept version the active one of its layer. Raises `VersionUnknown`."""
    found = session.get(LayerVersion, version)
    if found is None:
        raise VersionUnknown(f"There is no version {version}; see: nerirepo places versions")
    lock_layer(session, found.layer)
    switch_on(session, version, found.layer)
    session.refresh(found)
    return found
