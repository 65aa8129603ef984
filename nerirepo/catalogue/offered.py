"""What does the ward offer of what the service can do? Its languages, and how many photos of what size and
type: `ward.toml`'s `languages` and `limits`. Each process asks once a minute.
"""

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from nerirepo.base.settings import settings
from nerirepo.catalogue.most import MOST_BYTES, MOST_PHOTOS, PHOTO_TYPES
from nerirepo.catalogue.profile import Profile
from nerirepo.database import sql
from nerirepo.database.db import public_reading
from nerirepo.words import language

KEPT_SECONDS = 60.0
SECONDS_TO_WAIT = 5.0
"""After the database could not be asked: nobody waits for it twice."""

_PROFILE = "SELECT profile FROM published.ward LIMIT 1"


@dataclass(frozen=True)
class Offered:
    """As the service has it where no ward says anything else."""

    languages: tuple[str, ...] = language.LANGUAGES
    """In the order of menus; Japanese is among them."""
    photos_per_report: int = MOST_PHOTOS
    photo_bytes: int = MOST_BYTES
    photo_types: tuple[str, ...] = PHOTO_TYPES

    @classmethod
    def of(cls, profile: Profile) -> "Offered":
        limits = profile.limits
        types: set[str] = set(limits.photo_types)  # type: ignore[arg-type]  `Literal` of a list of names
        if "image/heic" in types:
            types.add("image/heif")  # the same file, as other phones call it
        return cls(
            tuple(each for each in language.LANGUAGES if each in profile.languages),
            limits.photos_per_report,
            limits.photo_bytes,
            tuple(each for each in PHOTO_TYPES if each in types),
        )

    def spoken(self, wish: str) -> str:
        """A person's language, or the best that is offered instead of it."""
        return next((each for each in language.best_first(wish) if each in self.languages), language.DEFAULT)


_EVERYTHING = Offered()


@dataclass
class _Memory:
    offered: Offered = _EVERYTHING
    asked_at: float | None = None
    lasts: float = 0.0

    @property
    def is_fresh(self) -> bool:
        return self.asked_at is not None and 0 <= time.monotonic() - self.asked_at < self.lasts


_memory: dict[str, _Memory] = {}
"""By the database's address."""


def offered() -> Offered:
    """Asks the database where it did not lately. Without ward or database: as it was known, or everything."""
    memory = _remembered()
    if not memory.is_fresh:
        memory.asked_at, memory.lasts = time.monotonic(), SECONDS_TO_WAIT
        try:
            with public_reading() as session:
                found = sql.first(session, _PROFILE, {})
        except SQLAlchemyError:
            return memory.offered
        if found is None:
            memory.asked_at = None
            return _EVERYTHING
        memory.offered, memory.lasts = Offered.of(Profile.stored(found.profile)), KEPT_SECONDS
    return memory.offered


async def awaited() -> Offered:
    """As `offered`, for coroutines."""
    memory = _remembered()
    return memory.offered if memory.is_fresh else await asyncio.to_thread(offered)


def known() -> Offered:
    """As it was known last, for whoever must not ask, since the database may be away."""
    return _remembered().offered


def forget() -> None:
    """The ward has changed."""
    _memory.clear()


def _remembered() -> _Memory:
    return _memory.setdefault(settings().public_database_url or settings().database_url, _Memory())
