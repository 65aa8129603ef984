"""Every question that the public side may ask, by the role that reads schema `published` and nothing else.

Sessions come from `db.public_reading()`. Each function sends one statement, however long its answer;
`batches` sends one a batch, and who looks for words sends one more.
"""

from nerirepo.publication.measures import COUNTED, Which
from nerirepo.publication.read.filters import FilterInvalid, Filters
from nerirepo.publication.read.item import PublicReport
from nerirepo.publication.read.lines import lines
from nerirepo.publication.read.map_picture import Circle, Frame, circles, ground, whole_ward
from nerirepo.publication.read.measure_filter import Chosen
from nerirepo.publication.read.open_data import FIELDS, Record, batches, latest_changes
from nerirepo.publication.read.pictures import Picture, picture, picture_bytes
from nerirepo.publication.read.reports import (
    NearbyReport,
    Page,
    PublicCase,
    Sort,
    TakenBack,
    nearby,
    newest,
    one,
)
from nerirepo.publication.read.revision import Change, Kept, last_change, revision, revision_by
from nerirepo.publication.read.sitemap import months, of_month
from nerirepo.publication.read.statistics import COLUMNS, Statistics, Tally, how_many, plain, statistics
from nerirepo.publication.read.surroundings import Centre, Shape, around, centre_of_town
from nerirepo.publication.read.tiles import FORM, TileUnknown, check_kind, tile, tile_at
from nerirepo.publication.read.totals import totals
from nerirepo.publication.read.typical_duration import Usual, usual
from nerirepo.publication.read.ward import Category, Ward, ward, ward_text
from nerirepo.publication.tallies import STEP
from nerirepo.reports.cursor import CursorInvalid

__all__ = [
    "COLUMNS",
    "COUNTED",
    "FIELDS",
    "FORM",
    "STEP",
    "Category",
    "Centre",
    "Change",
    "Chosen",
    "Circle",
    "CursorInvalid",
    "FilterInvalid",
    "Filters",
    "Frame",
    "Kept",
    "NearbyReport",
    "Page",
    "Picture",
    "PublicCase",
    "PublicReport",
    "Record",
    "Shape",
    "Sort",
    "Statistics",
    "TakenBack",
    "Tally",
    "TileUnknown",
    "Usual",
    "Ward",
    "Which",
    "around",
    "batches",
    "centre_of_town",
    "check_kind",
    "circles",
    "ground",
    "how_many",
    "last_change",
    "latest_changes",
    "lines",
    "months",
    "nearby",
    "newest",
    "of_month",
    "one",
    "picture",
    "picture_bytes",
    "plain",
    "revision",
    "revision_by",
    "statistics",
    "tile",
    "tile_at",
    "totals",
    "usual",
    "ward",
    "ward_text",
    "whole_ward",
]
