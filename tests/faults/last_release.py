"""API and worker of the release before this one, beside this one's database: what an upgrade looks like."""

import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from operate.supervising.process import free_port
from tests.faults.service import CHECKOUT, INSIDE, Service, eventually
from tests.support import published_contract

REVISION = "cfbe406506f1664e55fac6d51cc74e6e64597b0c"
"""What is in use while this one is being rolled out. Set it to the commit of each release when it is made."""


@contextmanager
def last_release() -> Iterator[Path]:
    """Its code, in a folder of its own. It runs on the packages of this one."""
    with tempfile.TemporaryDirectory(prefix="nerirepo-last-release-") as folder:
        code, archive = Path(folder) / "code", Path(folder) / "code.tar"
        made = subprocess.run(
            ["git", "-c", f"safe.directory={CHECKOUT}", "archive", f"--output={archive}", REVISION],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
        )
        if made.returncode != 0:
            pytest.skip(f"the history does not reach back to the last release: {made.stderr.strip()}")
        with tarfile.open(archive) as files:
            files.extractall(code, filter="data")
        for each in (Path(folder), code):
            each.chmod(0o755)
        yield code


@contextmanager
def beside(service: Service, code: Path) -> Iterator[str]:
    """An API and a worker of that code on the service's database and store; yields the API's address."""
    port = free_port()
    variables = (
        service.environment
        | service.variables()
        | {"NERIREPO_BASE_URL": service.url, "PYTHONPATH": f"{INSIDE}:{code}", "FAULTS_AS": "old"}
    )
    with ExitStack() as stack:
        for words in (("api", "--port", str(port)), ("worker",)):
            log = stack.enter_context((service.home / "log" / f"old-{words[0]}.log").open("ab"))
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "operate", *words],
                cwd=code,
                env=variables,
                stdout=log,
                stderr=log,
            )
            stack.callback(_end, process)
        url = f"http://localhost:{port}"
        eventually(lambda: _answers(url), "the old API answers")
        published_contract.OF_LAST_RELEASE.add(port)
        yield url


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/health/ready", timeout=5).status_code == 200
    except httpx2.HTTPError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
