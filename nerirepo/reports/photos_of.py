"""Which photos does a report have, in their order?"""

from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from nerirepo.photos.tables import Photo
from nerirepo.reports.tables import ReportPhoto

# Each view of a report asks this: put together once.
_PHOTOS = (
    select(ReportPhoto, Photo)
    .join(Photo, col(Photo.id) == ReportPhoto.photo_id)
    .where(col(ReportPhoto.report_id) == bindparam("report_id"))
    .order_by(col(ReportPhoto.position))
)


def photos_of(session: Session, report_id: UUID, *, anew: bool = False) -> list[tuple[ReportPhoto, Photo]]:
    """The residents' own and the ward's. `anew`: as they stand now, whatever this session has read before."""
    options = {"populate_existing": anew}
    found = session.exec(_PHOTOS, params={"report_id": report_id}, execution_options=options)
    return [(shown, photo) for shown, photo in found]
