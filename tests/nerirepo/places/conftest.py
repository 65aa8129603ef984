"""A ward whose layers a test may replace."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from nerirepo.base.settings import settings
from nerirepo.database.db import transaction
from nerirepo.places.load import load_layer
from operate.ward import ward_folder


@pytest.fixture
def no_layers(database: object) -> Iterator[None]:
    """The ward without any layer. The shipped ones come back afterwards."""
    with transaction() as session:
        session.execute(text("DELETE FROM layer_version"))
    yield
    with transaction() as session:
        session.execute(text("DELETE FROM layer_version"))
        for layer, path in ward_folder.read(settings().ward).layers.items():
            with path.open("rb") as file:
                load_layer(session, file, layer, path.name)
