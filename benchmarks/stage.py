"""What is measured stands on: a database, a store and a mail server of its own in a folder that is deleted,
and servers as they are run.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from operate.embedded import mailbox, postgres, store
from operate.serving.serve import listen
from operate.supervising.up import SITES

READY = b"ready\n"


@dataclass(frozen=True)
class Stage:
    folder: Path

    @property
    def superuser(self) -> str:
        return postgres.url(self.folder / "postgres", postgres.SUPERUSER)

    @property
    def postmaster(self) -> int:
        """Its process."""
        return int((self.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


@contextmanager
def staged() -> Iterator[Stage]:
    """With a ward and nothing else; this process's settings point there."""
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="nerirepo-benchmark-"))
        folder = Path(name)
        folder.chmod(0o755)
        stack.enter_context(postgres.running(folder / "postgres"))
        endpoint, key, secret = stack.enter_context(store.running(folder / "s3"))
        mail = stack.enter_context(mailbox.running(folder / "mail"))
        os.environ.update(
            NERIREPO_HOME=name,
            NERIREPO_DATABASE_URL=postgres.url(folder / "postgres"),
            NERIREPO_PUBLIC_DATABASE_URL=postgres.url(folder / "postgres", postgres.READER),
            NERIREPO_S3_ENDPOINT=endpoint,
            NERIREPO_S3_ACCESS_KEY=key,
            NERIREPO_S3_SECRET_KEY=secret,
            NERIREPO_SMTP_URL=mail,
            NERIREPO_SMTP_IS_SINK="true",
            # Its residents are new, and post all the time.
            NERIREPO_REPORTS_PER_HOUR_OF_NEW="1000000",
            NERIREPO_REPORTS_PER_DAY_OF_NEW="1000000",
            NERIREPO_REPORTS_PER_HOUR="1000000",
        )
        from nerirepo.gateways.storage import create_buckets
        from nerirepo.migrations import migrate
        from operate.ward import seed

        migrate.upgrade()
        create_buckets()
        seed.load_ward()
        yield Stage(folder)


@dataclass(frozen=True)
class Server:
    port: int
    processes: list[int]


@contextmanager
def server(*arguments: str) -> Iterator[Server]:
    """As many processes as `script/server` starts, on one port, for the length of the block.

    `arguments` are those of `benchmarks.server`.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0))
        log = stack.enter_context(tempfile.TemporaryFile())
        command = [sys.executable, "-m", "benchmarks.server", str(listener.fileno()), *arguments]
        processes = [
            subprocess.Popen(command, stdout=log, stderr=log, pass_fds=[listener.fileno()])
            for _ in range(SITES)
        ]
        for each in processes:
            stack.callback(each.wait, 30)
            stack.callback(each.terminate)
        port = listener.getsockname()[1]
        while log.seek(0) or log.read().count(READY) < SITES:
            if any(each.poll() is not None for each in processes):
                log.seek(0)
                raise RuntimeError(f"the server did not start: {log.read().decode()}")
            time.sleep(0.1)
        yield Server(port, [each.pid for each in processes])
