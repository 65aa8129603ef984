"""Every question that the public side may ask, by the role that reads schema `published` and nothing else.

Sessions come from `nerirepo.db.public_reading()`. Each function sends one statement, however long its answer.
"""

from nerirepo.publication.read.cursor import CursorInvalid
from nerirepo.publication.read.filters import FilterInvalid, Filters
from nerirepo.publication.read.pictures import Picture, picture, picture_bytes
from nerirepo.publication.read.reports import Item, Page, TakenBack, nearby, newest, one
from nerirepo.publication.read.surroundings import Centre, Shape, around, centre_of_town
from nerirepo.publication.read.ward import Category, Ward, ward, ward_text

__all__ = [
    "Category",
    "Centre",
    "CursorInvalid",
    "FilterInvalid",
    "Filters",
    "Item",
    "Page",
    "Picture",
    "Shape",
    "TakenBack",
    "Ward",
    "around",
    "centre_of_town",
    "nearby",
    "newest",
    "one",
    "picture",
    "picture_bytes",
    "ward",
    "ward_text",
]
