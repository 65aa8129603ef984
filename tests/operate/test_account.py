import getpass
import subprocess

import pytest

from operate import account


def rights(path) -> str:
    return subprocess.run(["getfacl", "-p", str(path)], capture_output=True, text=True, check=True).stdout


def test_the_service_user_may_pass_a_closed_folder_but_not_list_it(tmp_path, monkeypatch):
    monkeypatch.setattr(account, "SERVICE_USER", getpass.getuser())
    closed = tmp_path / "closed"
    (closed / "home").mkdir(parents=True)
    closed.chmod(0o700)
    account.allow_passage(closed / "home")
    assert f"user:{getpass.getuser()}:--x" in rights(closed)
    assert closed.stat().st_mode & 0o007 == 0


def test_a_checkout_made_under_a_narrow_umask_becomes_readable(tmp_path, monkeypatch):
    monkeypatch.setattr(account, "SERVICE_USER", getpass.getuser())
    checkout = tmp_path / "checkout"
    (checkout / "operate").mkdir(parents=True)
    module, private = checkout / "operate" / "module.py", checkout / ".git"
    module.touch(mode=0o600)
    private.mkdir(mode=0o700)
    account.allow_reading(checkout)
    assert f"user:{getpass.getuser()}:r--" in rights(module)
    assert f"user:{getpass.getuser()}" not in rights(private)


def test_a_folder_of_somebody_else_is_not_taken(tmp_path, monkeypatch):
    class Somebody:
        pw_uid, pw_gid = 54321, 54321

    monkeypatch.setattr(account, "is_root", lambda: True)
    monkeypatch.setattr(account, "service_user", lambda: Somebody)
    (tmp_path / "letters").touch()
    with pytest.raises(account.NotOurs, match="choose another folder"):
        account.hand_over(tmp_path)
