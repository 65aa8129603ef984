"""Layers of geometry, each loaded as a whole, and the ordered rules that route by them."""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import datetime
from enum import StrEnum
from typing import Any

from geoalchemy2 import Geometry
from pydantic import ConfigDict
from sqlalchemy import BigInteger, Identity, Index, text
from sqlmodel import Field, SQLModel

from nerirepo.database.columns import JSONB, MOMENT, Choice, one_of


class Layer(StrEnum):
    BOUNDARY = "boundary"
    NEIGHBOURS = "neighbours"
    TOWNS = "towns"
    PARKS = "parks"
    ROADS = "roads"
    FACILITIES = "facilities"


class LayerVersion(SQLModel, table=True):
    """One loading of a layer. At most one version of a layer is active, and switching is one transaction."""

    __tablename__ = "layer_version"
    __table_args__ = (
        one_of("layer", Layer),
        Index("layer_version_active", "layer", unique=True, postgresql_where=text("is_active")),
    )

    id: int | None = Field(default=None, primary_key=True)
    layer: Layer = Field(sa_type=Choice(Layer))
    source: str
    """The name of the file, and nothing of where it lay."""
    sha256: str
    features: int
    is_active: bool = False
    is_approximate: bool = False
    loaded_at: datetime = Field(sa_type=MOMENT)


class PlaceFeature(SQLModel, table=True):
    """One park, road, town ... of one version of a layer, in WGS 84."""

    __tablename__ = "place_feature"
    __table_args__ = (
        # Only of what is asked by distance: whole municipalities in it would be near to every point.
        Index(
            "place_feature_metres",
            text("(shape::geography)"),
            postgresql_using="gist",
            postgresql_where=text("layer IN ('parks', 'roads', 'facilities')"),
        ),
    )
    model_config = ConfigDict(arbitrary_types_allowed=True)  # type: ignore[assignment]

    id: int | None = Field(default=None, sa_column_args=(Identity(),), sa_type=BigInteger, primary_key=True)
    version_id: int = Field(foreign_key="layer_version.id", ondelete="CASCADE", index=True)
    layer: Layer = Field(sa_type=Choice(Layer))
    name: str
    properties: dict[str, Any] = Field(sa_type=JSONB, default_factory=dict)
    """What the file says: `owner` of a park, `class` and `width_m` of a road, `manager` of a neighbour."""
    shape: Any = Field(sa_type=Geometry(srid=4326, spatial_index=False))


class RoutingRule(SQLModel, table=True):
    """One line of the routing table: see `nerirepo.places.routing.Rule`."""

    __tablename__ = "routing_rule"

    id: int | None = Field(default=None, primary_key=True)
    position: int = Field(unique=True)
    rule: dict[str, Any] = Field(sa_type=JSONB)
