"""A resident's original lies below the data folder or nowhere, and not for longer than it is worked on."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nerirepo.base import work_files
from nerirepo.photos import process, receive
from nerirepo.photos.outcome import Rejected
from nerirepo.photos.tables import Photo
from tests.factories import life, people

KILLED_IN_THE_MIDDLE = """
import sys, time
from uuid import UUID
from nerirepo.base import work_files
from nerirepo.photos import process

def render(original, into):
    print(original, flush=True)
    time.sleep(600)

work_files.begin()
process.render = render
process.develop(UUID(sys.argv[1]))
"""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of /tmp."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("storage")
def test_of_a_worker_that_was_killed_nothing_stays(database: Path, elsewhere: Path) -> None:
    photo = life.ready_photo(people.resident(), is_ready=False)
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED_IN_THE_MIDDLE, str(photo)], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout
    with worker.stdout:
        original = Path(worker.stdout.readline().strip())
        assert original.is_relative_to(database / "run" / "work")
        assert original.stat().st_size > 0
        assert work_files.clear_abandoned() == 0, "a worker that lives keeps its files"
        assert original.exists()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert list(elsewhere.iterdir()) == []
    assert work_files.clear_abandoned() == 1
    assert not original.exists()
    assert not list((database / "run" / "work").rglob("original"))


@pytest.mark.usefixtures("storage", "database")
def test_a_photo_and_an_upload_are_worked_on_below_the_data_folder(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def render(original: Path, into: Path) -> Rejected:
        seen.append(original)
        return Rejected("photo_damaged", "")

    monkeypatch.setattr(process, "render", render)
    process.develop(life.ready_photo(people.resident(), is_ready=False))
    assert seen[0].is_relative_to(work_files.work_folder())
    assert not seen[0].exists()

    async def chunks() -> AsyncIterator[bytes]:
        yield b"x" * (receive.IN_MEMORY + 1)

    folders = []
    made = tempfile.TemporaryFile
    monkeypatch.setattr(
        tempfile, "TemporaryFile", lambda **given: folders.append(given["dir"]) or made(**given)
    )
    with pytest.raises(receive.PhotoBytesDiffer):
        asyncio.run(receive.spool(chunks(), Photo(bytes=receive.IN_MEMORY + 1, sha256="")))
    assert folders == [str(work_files.work_folder())]
    assert list(elsewhere.iterdir()) == []


@pytest.mark.usefixtures("parts")
def test_what_libraries_put_aside_lies_there_once_the_process_has_begun(elsewhere: Path) -> None:
    work_files.begin()
    with tempfile.NamedTemporaryFile() as form:
        assert Path(form.name).is_relative_to(work_files.work_folder())
    assert work_files.work_folder().stat().st_mode & 0o777 == 0o700
    assert os.listdir(elsewhere) == []
