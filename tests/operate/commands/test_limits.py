"""What an operator sees of limits: who is kept out, and that somebody guesses."""

import pytest

from nerirepo.database.db import transaction
from nerirepo.database.rate_limit import lift, standing
from nerirepo.reporters import sign_in
from operate.commands.limits import counted_as
from operate.telemetry.backlog import backlog


@pytest.mark.parametrize(
    ("named", "forms"),
    [
        (" Hana.Ko+x@Gmail.com", ["hana.ko+x@gmail.com", "hanako@gmail.com"]),
        ("2400:4050:1:2::5", ["2400:4050:1:2::5", "2400:4050:1:2::/64", "2400:4050:1::/48"]),
        ("203.0.113.5", ["203.0.113.5"]),
    ],
)
def test_counters_are_found_in_whichever_form_they_know_somebody(named: str, forms: list[str]) -> None:
    assert counted_as(named) == forms


@pytest.mark.usefixtures("database")
def test_a_wrong_code_raises_the_figure_and_what_was_counted_is_lifted() -> None:
    with transaction() as session:
        challenge = sign_in.begin(session, email="hanako+x@example.jp", locale="ja", client="203.0.113.5")
    wrong = f"{(int(sign_in.code_of(challenge.id)) + 1) % 1_000_000:06d}"
    for expected in (1, 2):
        with transaction() as session:
            sign_in.finish(session, challenge.id, wrong, client="203.0.113.5")
        assert backlog().wrong_codes == expected
    with transaction() as session:
        assert {each.name: each.counted for each in standing(session, "203.0.113.5")} == {
            "guess_client_address": 2,
            "guess_client_day": 2,
            "guess_client_month": 2,
            "letter_client_day": 1,
            "letter_client_domain": 1,
            "letter_client_hour": 1,
        }
        assert sum(lift(session, each) for each in counted_as("hanako+x@example.jp")) == 3
        assert sum(lift(session, each) for each in counted_as("203.0.113.5")) == 5
        assert list(standing(session, "203.0.113.5")) == []
