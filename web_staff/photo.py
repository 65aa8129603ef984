"""A photo from a form of the staff pages belongs to whoever sent it."""

from typing import IO
from uuid import UUID

from nerirepo.photos import from_form
from nerirepo.photos.announce import Owner
from nerirepo.photos.tables import OwnerKind
from nerirepo.staff.tables import Member


def keep_photo(member: Member, action_id: UUID, file: IO[bytes], size: int) -> UUID:
    """Its id; see `from_form.keep`."""
    return from_form.keep(Owner(OwnerKind.MEMBER, member.id), action_id, file, size)
