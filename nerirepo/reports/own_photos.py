"""The photos that somebody sends with their words must be their own."""

from uuid import UUID

from sqlmodel import Session

from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.catalogue.offered import offered
from nerirepo.database import sql
from nerirepo.photos.tables import OwnerKind

_OWN_PHOTOS = (
    "SELECT id, sha256 FROM photo WHERE id = ANY(:ids) AND owner_kind = :owner_kind AND owner_id = :owner_id"
)


class PhotoUnknown(Invalid):
    """A photo was not announced by you."""

    code = "photo_unknown"


def own_photos(
    session: Session, ids: tuple[UUID, ...], kind: OwnerKind, owner: UUID | None
) -> dict[UUID, str]:
    """Each photo's sha256. Raises `Invalid` for more than the ward takes, and `PhotoUnknown` for what this
    person did not announce, or named twice.
    """
    if not ids:
        return {}
    if len(ids) > (most := offered().photos_per_report):
        raise Invalid(faults=(FieldFault("photo_ids", "too_long", f"at most {most}", is_of_form=True),))
    asked = {"ids": list(ids), "owner_kind": kind, "owner_id": owner}
    own = dict(sql.rows(session, _OWN_PHOTOS, asked))
    faults = tuple(
        FieldFault(f"photo_ids.{position}", "photo_unknown", str(photo_id))
        for position, photo_id in enumerate(ids)
        if photo_id not in own or photo_id in ids[:position]
    )
    if faults:
        raise PhotoUnknown(faults=faults)
    return own
