"""As which system user does the service run, and what must that user be able to reach?

Root only installs. Everything after that, decoding strangers' photos above all, runs as `nerirepo`,
who owns the data folder and may only pass through the folders above it.

    python -m operate.account HOME COMMAND...     runs a command that way; HOME is its folder for writing
"""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SERVICE_USER = "nerirepo"
CHECKOUT = Path(__file__).resolve().parent.parent

INSTALLED = {".venv", "node_modules"}
"""Folders that script/bootstrap makes readable itself."""
PRIVATE = {".git", "var"}


class NotOurs(Exception):
    """A folder holds something else and will not be given to the service user."""


def is_root() -> bool:
    return os.geteuid() == 0


def service_user() -> pwd.struct_passwd:
    """The account, made when it is missing (needs root)."""
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", SERVICE_USER], check=True)
        return pwd.getpwnam(SERVICE_USER)


def in_its_name(command: list[str]) -> list[str]:
    """The command as the service user would run it: unchanged unless we are root."""
    if not is_root():
        return command
    user = service_user()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups", "--", *command]


def hand_over(folder: Path) -> None:
    """Make the folder if missing; as root, give it to the service user and open the way to it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_root():
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise NotOurs(f"{folder} belongs to another user: choose another folder (NERIREPO_HOME)")
        return
    user = service_user()
    if folder.stat().st_uid != user.pw_uid:
        if any(folder.iterdir()):
            raise NotOurs(f"{folder} is in use by another user: choose another folder (NERIREPO_HOME)")
        os.chown(folder, user.pw_uid, user.pw_gid)
    allow_passage(folder)


def allow_passage(path: Path) -> None:
    """Let the service user pass through every folder above `path`, without letting it list them."""
    closed = [folder for folder in path.absolute().parents if not folder.stat().st_mode & 0o001]
    _grant("x", *closed)


def allow_reading(tree: Path) -> None:
    """Let the service user read a checkout that was made under a narrow umask."""
    allow_passage(tree / "anything")
    _grant("rX", *(path for path in _walk(tree) if not path.stat().st_mode & 0o004))


def _walk(tree: Path) -> Iterator[Path]:
    yield tree
    for folder, folders, files in os.walk(tree):
        folders[:] = [each for each in folders if each not in INSTALLED | PRIVATE]
        yield from (Path(folder, each) for each in folders + files)


def _grant(rights: str, *paths: Path) -> None:
    if not paths:
        return
    command = ["setfacl", "-m", f"u:{SERVICE_USER}:{rights}", *map(str, paths)]
    try:
        granted = subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:  # the package `acl` is missing
        granted = False
    if not granted:
        print(f"setfacl cannot be used here: chmod o+{rights} {paths[0]} ...", file=sys.stderr)
        subprocess.run(["chmod", f"o+{rights}", *map(str, paths)], check=True)


def become(home: Path) -> None:
    """Make `home`; as root, also turn this process into the service user, for good.

    The process keeps its pid, so that signals sent to it arrive, and keeps the files it has opened.
    """
    hand_over(home)
    os.umask(0o077)
    if not is_root():
        return
    user = service_user()
    for program in (Path(sys.executable), Path(sys.executable).resolve()):
        allow_passage(program)
    allow_reading(CHECKOUT)  # after the former, which would leave no more than passage
    if data := os.environ.get("NERIREPO_TEST_DATA"):
        allow_reading(Path(data))
    os.initgroups(SERVICE_USER, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ["HOME"] = str(home)


if __name__ == "__main__":
    become(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
