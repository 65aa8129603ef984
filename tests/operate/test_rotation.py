import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from operate.keys import keys
from operate.rotation import new_receipt_key, new_secret
from tests.operate.supervising.test_up import nerirepo

SEEDS = [base64.b64encode(bytes([number]) * 32).decode() for number in range(3)]


def public_key(seed: str) -> str:
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def test_the_old_secret_becomes_the_previous_one():
    now = new_secret({"NERIREPO_SECRET_KEY": "old"})
    assert now["NERIREPO_SECRET_KEY_PREVIOUS"] == "old"
    assert len(now["NERIREPO_SECRET_KEY"]) >= 32


def test_of_old_receipt_keys_all_public_halves_stay_and_no_private_one():
    now = {"NERIREPO_RECEIPT_KEY": SEEDS[0]}
    first = new_receipt_key(now)
    second = new_receipt_key(first | {"NERIREPO_RECEIPT_KEY": SEEDS[1]})
    assert second["NERIREPO_RECEIPT_KEYS_RETIRED"] == f"{public_key(SEEDS[0])},{public_key(SEEDS[1])}"
    assert SEEDS[0] not in second.values()


def test_the_command_writes_what_the_next_start_reads(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    old = nerirepo(home, "rotate", "secret")
    assert old.returncode == 0, old.stderr
    first = keys(home / "secrets.json")
    assert nerirepo(home, "rotate", "receipt").returncode == 0
    second = keys(home / "secrets.json")
    assert second["NERIREPO_SECRET_KEY"] == first["NERIREPO_SECRET_KEY"]
    assert second["NERIREPO_RECEIPT_KEYS_RETIRED"] == public_key(first["NERIREPO_RECEIPT_KEY"])
    assert nerirepo(home, "rotate", "everything").returncode == 2
