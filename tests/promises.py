"""Which promises hold by time, or by what happens meanwhile, and which test finds out that one is broken?

`promises.toml` is the list, which `architecture/test_promises.py` holds complete. `script/promises` breaks
one after the other in a copy of the checkout, and shows that its test then fails.
"""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Promise:
    says: str
    file: str
    line: str
    """As it stands in the file, once; its indentation is left out."""
    broken: str
    """What stands there instead when the promise is broken."""
    test: str
    """As pytest is told: file::function."""


def promises() -> list[Promise]:
    with (CHECKOUT / "tests" / "promises.toml").open("rb") as file:
        return [Promise(**each) for each in tomllib.load(file)["promise"]]


def _copy(to: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, to / name)
    for made in (".venv", "node_modules", *(str(each.relative_to(CHECKOUT)) for each in _built())):
        (to / made).symlink_to(CHECKOUT / made)


def _built() -> list[Path]:
    return [
        each for each in CHECKOUT.glob("*/**/built") if "node_modules" not in each.parts and each.is_dir()
    ]


def is_noticed(promise: Promise, copy: Path) -> bool:
    """Does its test fail, run as its one broken line stands in the copy?"""
    file = copy / promise.file
    whole = file.read_text()
    file.write_text(whole.replace(promise.line, promise.broken))
    try:
        return not _pass(copy, promise.test)
    finally:
        file.write_text(whole)


def _pass(copy: Path, *tests: str) -> bool:
    run = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
    ended = subprocess.run(run, cwd=copy, capture_output=True, text=True, check=False)
    if ended.returncode not in (0, 1):
        raise RuntimeError(ended.stdout[-3000:] + ended.stderr[-3000:])
    return ended.returncode == 0


def main(copy: Path, *words: str) -> int:
    _copy(copy)
    chosen = [each for each in promises() if not words or any(said in each.says for said in words)]
    if not _pass(copy, *sorted({each.test for each in chosen})):
        print("These tests fail before anything is broken.")
        return 1
    unnoticed = 0
    for promise in chosen:
        noticed = is_noticed(promise, copy)
        unnoticed += not noticed
        print("noticed  " if noticed else "UNNOTICED", promise.says, flush=True)
    print(f"{len(chosen) - unnoticed} noticed, {unnoticed} unnoticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
