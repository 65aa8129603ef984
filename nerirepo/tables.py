"""Every table of the service, for migrations and tests: importing this module fills `SQLModel.metadata`."""

from sqlmodel import SQLModel

from nerirepo.catalogue import tables as catalogue
from nerirepo.database import noticed, rate_limit
from nerirepo.notifications import tables as notifications
from nerirepo.photos import tables as photos
from nerirepo.places import tables as places
from nerirepo.publication import tables as publication
from nerirepo.reporters import tables as reporters
from nerirepo.reports import tables as reports
from nerirepo.staff import tables as staff

METADATA = SQLModel.metadata
MODULES = (
    catalogue,
    noticed,
    notifications,
    photos,
    places,
    publication,
    rate_limit,
    reporters,
    reports,
    staff,
)
