"""Where does everything lie below NERIREPO_HOME, and who is using it now?"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from operate import account


class InUse(Exception):
    """Another program runs on this folder."""


@dataclass(frozen=True)
class Home:
    folder: Path

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def store(self) -> Path:
        return self.folder / "s3"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def keys(self) -> Path:
        return self.folder / "secrets.json"

    @property
    def first_accounts(self) -> Path:
        return self.folder / "first-accounts.txt"

    @property
    def demo_is_due(self) -> Path:
        """Exists from the first start until the sample reports are in."""
        return self.folder / "demo-is-due"

    @property
    def variables(self) -> Path:
        """The NERIREPO_* settings of the parts that run now; missing when none do."""
        return self.folder / "run" / "parts.json"

    @property
    def certificate(self) -> tuple[Path, Path]:
        return self.folder / "run" / "certificate.pem", self.folder / "run" / "key.pem"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other program from starting parts here; raises InUse.

        The lock goes with the process, so that one killed leaves none behind.
        """
        lock = os.open(self.folder / "run" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                who = os.read(lock, 20).decode().strip()
                raise InUse(f"Already running on {self.folder} (process {who}).") from None
            os.truncate(lock, 0)
            os.write(lock, str(os.getpid()).encode())
            self.variables.unlink(missing_ok=True)  # of a program that was killed
            yield
        finally:
            os.close(lock)


def enter() -> Home:
    """The home that NERIREPO_HOME names (`var` in the checkout without it), made and entered.

    As root, this process is the service user afterwards: open what only root can read before.
    """
    folder = Path(os.environ.get("NERIREPO_HOME") or account.CHECKOUT / "var").absolute()
    os.environ["NERIREPO_HOME"] = str(folder)  # for the children, wherever they stand
    account.become(folder)
    os.chdir(account.CHECKOUT)
    home = Home(folder)
    for each in (home.logs, home.variables.parent):
        each.mkdir(exist_ok=True)
    return home
