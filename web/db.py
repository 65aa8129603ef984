"""The database in an endpoint's signature.

`Transaction` commits when the endpoint returns and before the answer leaves (scope "function"): a failed
commit is an error to the client and never a lost 201.

A session asks the database for nothing until it is used, and what only reads leaves nothing to be said at its
end. So these are opened and closed in the event loop: a thread's turn costs as much as a statement.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from anyio import to_thread
from fastapi import Depends
from sqlmodel import Session

from nerirepo.database import db


async def _transaction() -> AsyncIterator[Session]:
    block = db.transaction()
    session = block.__enter__()
    try:
        yield session
    except BaseException as error:
        if not await to_thread.run_sync(block.__exit__, type(error), error, error.__traceback__):
            raise
    else:
        await to_thread.run_sync(block.__exit__, None, None, None)


async def _reading() -> AsyncIterator[Session]:
    with db.reading() as session:
        yield session


async def _public_reading() -> AsyncIterator[Session]:
    with db.public_reading() as session:
        yield session


Transaction = Annotated[Session, Depends(_transaction, scope="function")]
Reading = Annotated[Session, Depends(_reading, scope="function")]
PublicReading = Annotated[Session, Depends(_public_reading, scope="function")]
