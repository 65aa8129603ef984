"""Who is signed in, as the reference client knows it."""

from collections.abc import Callable
from typing import Any

from nerirepo.database.db import transaction
from nerirepo.reporters import devices
from nerirepo.reporters.tables import Reporter
from tests.factories import a_reporter

Phones = Callable[..., Any]


def test_choices_that_were_made_elsewhere_are_heard_and_kept(live: str, a_phone: Phones) -> None:
    hanako = a_reporter()
    phone = a_phone(live, hanako)
    assert phone.does(hear=True)["reporter"]["mail_updates"] is True
    with transaction() as session:
        session.get_one(Reporter, hanako.id).mail_updates = False
    phone.does(hear=True)
    phone.person = None
    assert phone.does()["reporter"]["mail_updates"] is False


def test_what_is_known_of_somebody_stays_where_they_are_signed_out_elsewhere(
    live: str, a_phone: Phones
) -> None:
    hanako = a_reporter()
    phone = a_phone(live, hanako)
    with transaction() as session:
        devices.sign_out(session, hanako.token)
    assert phone.does(hear=True)["reporter"]["email"] == hanako.email
