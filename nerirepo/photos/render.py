"""Turns an untrusted original into clean renditions, or says why not, without trusting the decoders.

The decoding runs in a child process with bounded memory, CPU time and files and none of our secrets in its
environment, so that a bomb or a crash costs one photo and never a worker.
"""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Annotated

from pydantic import Field, ValidationError

from nerirepo.catalogue.most import MOST_BYTES
from nerirepo.photos.formats import MAX_SIDE, SNIFFED_BYTES, sniff
from nerirepo.photos.outcome import Reason, Rejected, Rendered, Rendition, Strict, Suggestion
from nerirepo.photos.renditions import KINDS, LARGEST, Kind


@dataclass(frozen=True)
class Bounds:
    """What one photo may cost. Measured (Pillow 13): JPEG of 12 MP 0.7 s and 190 MB of address space, of
    50 MP 0.8 s and the same; HEIC of 12 MP 1.5 s and 190 MB; the most is WebP of 50 MP, 2.4 s and 1 GB."""

    memory_bytes: int = 1536 * 1024 * 1024
    """Of address space."""
    cpu_seconds: int = 20
    """A photo that uses this up is to blame."""
    wall_seconds: float = 120.0
    """The time to get those CPU seconds: when it runs out before them, the machine is to blame."""


class RenderingFailed(RuntimeError):
    """The machine failed, not the photo: the same original may well succeed later."""


def render(original: Path, into: Path, bounds: Bounds = Bounds()) -> Rendered | Rejected:
    """Makes the renditions of `original` in the existing folder `into` (files may remain after a Rejected).

    Rejected is final: the same bytes are rejected every time. Raises RenderingFailed or OSError where the
    machine is to blame (no process, no space, no time), so that the job is tried again.
    """
    with original.open("rb") as file:
        size, content_type = os.fstat(file.fileno()).st_size, sniff(file.read(SNIFFED_BYTES))
    if size == 0:
        return Rejected("photo_empty", "0 bytes")
    if size > MOST_BYTES:
        return Rejected("photo_too_large", f"{size} bytes")
    if content_type is None:
        return Rejected("photo_type_not_allowed", "unknown first bytes")

    arguments = [original, content_type, into, bounds.memory_bytes, bounds.cpu_seconds]
    told = _in_a_child([str(argument) for argument in arguments], into, bounds.wall_seconds)
    if isinstance(told, Rejected):
        return told
    if told.refused:
        return Rejected(told.refused, told.detail)
    if told.rendered is None or [made.name for made in told.rendered.renditions] != [k.name for k in KINDS]:
        raise RenderingFailed("the child process reported neither renditions nor a reason")
    return Rendered(
        content_type=content_type,
        width=told.rendered.width,
        height=told.rendered.height,
        renditions=tuple(_checked(m, k, into) for m, k in zip(told.rendered.renditions, KINDS, strict=True)),
        suggestion=told.rendered.suggestion,
        is_incomplete=told.rendered.is_incomplete,
    )


class _Made(Strict):
    name: str
    width: Annotated[int, Field(ge=1, le=LARGEST)]
    height: Annotated[int, Field(ge=1, le=LARGEST)]


class _Developed(Strict):
    width: Annotated[int, Field(ge=1, le=MAX_SIDE)]
    height: Annotated[int, Field(ge=1, le=MAX_SIDE)]
    renditions: list[_Made]
    suggestion: Suggestion
    is_incomplete: bool


class _Told(Strict):
    """What the child printed. It has read a hostile file: its word is checked like any other input."""

    rendered: _Developed | None = None
    refused: Reason | None = None
    detail: str = ""


_CHECKOUT = Path(__file__).resolve().parents[2]
_COMMAND = [sys.executable, "-P", "-m", "nerirepo.photos.render_child"]
_ENVIRONMENT = {  # nothing of ours: the environment of a worker holds every secret
    "PYTHONPATH": str(_CHECKOUT),
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",  # an arena reserves 64 MB of the bounded address space for each thread
}
_CRASHES = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}
_TOLD_BYTES = 16_384


def _in_a_child(arguments: list[str], folder: Path, wall_seconds: float) -> _Told | Rejected:
    if not folder.is_dir():
        raise RenderingFailed(f"{folder} is not there")
    # Files and not pipes for its output: RLIMIT_FSIZE bounds them, and nobody can block on them.
    with tempfile.TemporaryFile(dir=folder) as out, tempfile.TemporaryFile(dir=folder) as err:
        child = subprocess.Popen(
            _COMMAND + arguments,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=_ENVIRONMENT | {"TMPDIR": str(folder)},
            start_new_session=True,  # a group to kill, and Ctrl-C is the parent's affair
        )
        try:
            ending = child.wait(wall_seconds)
        except subprocess.TimeoutExpired:
            raise RenderingFailed(f"not enough CPU time within {wall_seconds} s") from None
        finally:
            if child.returncode is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        last_words = _end_of(err)
        if ending == -signal.SIGXCPU:
            return Rejected("photo_too_slow", "CPU time used up")
        if -ending in _CRASHES:
            return Rejected("photo_damaged", f"{signal.Signals(-ending).name} {last_words}")
        if ending != 0:  # SIGKILL among others: the kernel had no memory left for anybody
            raise RenderingFailed(f"the child process ended with {ending}: {last_words}")
        out.seek(0)
        try:
            return _Told.model_validate_json(out.read(_TOLD_BYTES))
        except ValidationError as fault:
            raise RenderingFailed("the child process reported nonsense") from fault


def _end_of(file: IO[bytes]) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 1000))
    return file.read().decode("utf-8", "replace")


def _checked(made: _Made, kind: Kind, into: Path) -> Rendition:
    path = into / kind.file
    content = path.read_bytes()
    if (
        sniff(content[:SNIFFED_BYTES]) != kind.content_type
        or max(made.width, made.height) > kind.longest_side
    ):
        raise RenderingFailed(f"{kind.file} is not what was asked for")
    return Rendition(
        name=kind.name,
        content_type=kind.content_type,
        width=made.width,
        height=made.height,
        bytes=len(content),
        sha256=sha256(content).hexdigest(),
        path=path,
    )
