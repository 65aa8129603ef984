import base64
import json

import pytest

from operate.home import Home, InUse
from operate.keys import keys


@pytest.fixture
def home(tmp_path) -> Home:
    (tmp_path / "run").mkdir()
    return Home(tmp_path)


def test_two_programs_cannot_run_on_one_folder(home):
    with home.held(), pytest.raises(InUse, match="Already running"), home.held():
        pass
    with home.held():  # free again
        pass


def test_what_a_killed_program_left_is_not_believed(home):
    home.variables.write_text(json.dumps({"NERIREPO_S3_ENDPOINT": "http://127.0.0.1:1"}))
    with home.held():
        assert not home.variables.exists()


def test_secrets_are_made_once_for_our_eyes_only(home):
    first = keys(home.keys)
    assert keys(home.keys) == first
    assert home.keys.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(first["NERIREPO_RECEIPT_KEY"])) == 32
    assert len(first["NERIREPO_SECRET_KEY"]) >= 32
