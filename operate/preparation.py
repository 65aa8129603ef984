"""Makes the outside parts fit for this version: schema, buckets, at first start the ward's own data."""

from operate.home import Home
from operate.keys import write_private
from operate.supervising.supervisor import say


def prepare(home: Home, *, empty: bool) -> None:
    """Idempotent. The first accounts are printed once and kept in home/first-accounts.txt.

    Raises `NotDurable` for a database that forgets.
    """
    from nerirepo.gateways.storage import create_buckets
    from operate.checks.durability import assert_durable
    from operate.schema import bring_up_to_date
    from operate.ward.seed import load_ward

    assert_durable()
    bring_up_to_date(home)
    create_buckets()
    accounts = load_ward()
    if not accounts:
        return
    lines = [
        f"e-mail {account.email}   password {account.password}   TOTP secret {account.totp_secret}"
        for account in accounts
    ]
    write_private(home.first_accounts, "\n".join(lines) + "\n")
    say(f"  first staff accounts (also kept in {home.first_accounts}):")
    for line in lines:
        say(f"    {line}")
    if not empty:
        home.demo_is_due.touch()


def play_demo(home: Home) -> None:
    """Send in the sample reports, once."""
    from operate.ward.demo import play

    play()
    home.demo_is_due.unlink(missing_ok=True)
