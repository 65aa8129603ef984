"""The database in an endpoint's signature.

`Transaction` commits when the endpoint returns and before the answer leaves (scope "function"): a failed
commit is an error to the client and never a lost 201.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session

from nerirepo import db


def _transaction() -> Iterator[Session]:
    with db.transaction() as session:
        yield session


def _reading() -> Iterator[Session]:
    with db.reading() as session:
        yield session


def _public_reading() -> Iterator[Session]:
    with db.public_reading() as session:
        yield session


Transaction = Annotated[Session, Depends(_transaction, scope="function")]
Reading = Annotated[Session, Depends(_reading, scope="function")]
PublicReading = Annotated[Session, Depends(_public_reading, scope="function")]
