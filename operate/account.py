"""As which system user does the service run, and what must that user be able to reach?

Root only installs. Everything after that, decoding strangers' photos above all, runs as `nerirepo`,
who owns the data folder and may only pass through the folders above it.
"""

import os
import pwd
import subprocess
import sys
from pathlib import Path

SERVICE_USER = "nerirepo"
CHECKOUT = Path(__file__).resolve().parent.parent


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
        return
    user = service_user()
    if folder.stat().st_uid != user.pw_uid:
        if any(folder.iterdir()):
            raise NotOurs(f"{folder} is in use and does not belong to {SERVICE_USER}: choose another folder")
        os.chown(folder, user.pw_uid, user.pw_gid)
    allow_passage(folder)


def allow_passage(path: Path) -> None:
    """Let the service user pass through every folder above `path`, without letting it list them."""
    for folder in path.absolute().parents:
        if not folder.stat().st_mode & 0o001:
            _grant(folder, "x", fallback="o+x")


def allow_reading(tree: Path) -> None:
    """Let the service user read a tree that was made under a narrow umask."""
    allow_passage(tree)
    if tree.stat().st_mode & 0o005 != 0o005:
        _grant(tree, "rX", fallback="o+rX", recursive=True)


def _grant(path: Path, rights: str, *, fallback: str, recursive: bool = False) -> None:
    options = ["-R"] if recursive else []
    try:
        granted = subprocess.run(
            ["setfacl", *options, "-m", f"u:{SERVICE_USER}:{rights}", str(path)], capture_output=True
        )
    except FileNotFoundError:  # the package `acl` is missing
        granted = None
    if granted is None or granted.returncode != 0:
        print(f"setfacl cannot be used on {path}: opening it with chmod {fallback} instead", file=sys.stderr)
        subprocess.run(["chmod", *options, fallback, str(path)], check=True)


def become(home: Path) -> None:
    """As root: turn this process into the service user for good, after giving it `home`. Else nothing.

    The process keeps its pid, so that signals sent to it arrive, and keeps the files it has opened.
    """
    if not is_root():
        return
    user = service_user()
    hand_over(home)
    allow_reading(CHECKOUT)
    for part in ("operate", "nerirepo", "api", "workers", "web_public", "web_staff", "wards", "tests"):
        if (CHECKOUT / part).is_dir():
            allow_reading(CHECKOUT / part)
    allow_passage(Path(sys.executable))
    allow_passage(Path(sys.executable).resolve())
    os.initgroups(SERVICE_USER, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ["HOME"] = str(home)
    os.umask(0o077)
