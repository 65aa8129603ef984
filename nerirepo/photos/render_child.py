"""The child process of `render`: binds itself, then opens the hostile file, and reports one JSON object.

`python -m nerirepo.photos.render_child ORIGINAL CONTENT_TYPE INTO MEMORY_BYTES CPU_SECONDS` prints
`{"rendered": what develop returns}` or `{"refused": code, "detail": words}` and ends with 0. Any other ending
is either a signal (the parent knows what each means) or a fault of the machine, told on stderr.
"""

import json
import os
import resource
import sys
from pathlib import Path

FILE_BYTES = 16 * 1024 * 1024
"""No rendition of 2048 px comes near; also bounds what can be printed, since stdout is a file."""


def main(original: str, content_type: str, into: str, memory_bytes: str, cpu_seconds: str) -> None:
    os.umask(0o077)
    _bind(int(memory_bytes), int(cpu_seconds))
    try:
        # Only now, bound, are the decoders loaded.
        from nerirepo.photos.darkroom import Refused, develop

        try:
            report = {"rendered": develop(Path(original), content_type, Path(into))}
        except Refused as refused:
            code, detail = refused.args
            report = {"refused": code, "detail": detail[:500].encode("ascii", "backslashreplace").decode()}
    except MemoryError:
        report = {"refused": "photo_too_complex", "detail": f"more than {memory_bytes} bytes of memory"}
    sys.stdout.write(json.dumps(report))


def _bind(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound from inside and not by preexec_fn, which may deadlock in a parent with threads."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))  # SIGXCPU, then SIGKILL
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold somebody's photo


if __name__ == "__main__":
    main(*sys.argv[1:])
