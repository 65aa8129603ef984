"""Files that mean harm, or are broken, cost one rejected photo; the faults of the machine cost none."""

import os
import random
import resource
import sys
from functools import cache
from pathlib import Path

import pytest

from nerirepo.photos import render as render_module
from nerirepo.photos.outcome import Rejected, Rendered
from nerirepo.photos.render import Bounds, RenderingFailed, render
from tests.support import pictures
from tests.support.breadth import breadth


def reason_for(content: bytes, folder: Path, bounds: Bounds = Bounds()) -> str:
    original = folder / "original"
    original.write_bytes(content)
    outcome = render(original, folder, bounds)
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


def takes_a_good_photo(folder: Path) -> bool:
    original = folder / "good"
    original.write_bytes(pictures.encoded(pictures.street(), "JPEG"))
    return isinstance(render(original, folder), Rendered)


def test_no_bytes_are_no_photo(tmp_path: Path) -> None:
    assert reason_for(b"", tmp_path) == "photo_empty"


def test_more_than_twenty_megabytes_are_not_even_opened(tmp_path: Path) -> None:
    assert reason_for(b"\xff\xd8\xff" + bytes(20_000_000), tmp_path) == "photo_too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%...",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a" + bytes(100),
        b"BM" + bytes(100),
        b"II*\0" + bytes(100),
        b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miafMA1B",
        b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"PK\x03\x04",
        b"\xff",
    ],
)
def test_what_is_not_allowed_is_known_by_its_first_bytes_whatever_its_name(
    tmp_path: Path, content: bytes
) -> None:
    assert reason_for(content, tmp_path) == "photo_type_not_allowed"


CUT = {
    "jpeg": lambda: pictures.camera_jpeg(1200, 900),
    "progressive jpeg": lambda: pictures.encoded(pictures.street(), "JPEG", progressive=True),
    "png": pictures.png_with_text,
    "webp": pictures.webp_with_xmp,
    "heic": pictures.heic,
}


@cache
def whole(kind: str) -> bytes:
    return CUT[kind]()


def cut_at(kind: str, share: float, folder: Path) -> Rendered | Rejected:
    (folder / "original").write_bytes(whole(kind)[: int(len(whole(kind)) * share)])
    return render(folder / "original", folder)


@pytest.mark.parametrize("kind", breadth("jpeg", "progressive jpeg", "png"))
@pytest.mark.parametrize("share", breadth(0.6, 0.4, 0.95))
def test_a_photo_cut_off_on_its_way_is_shown_as_far_as_it_goes(
    tmp_path: Path, kind: str, share: float
) -> None:
    outcome = cut_at(kind, share, tmp_path)
    assert isinstance(outcome, Rendered), outcome
    assert outcome.is_incomplete
    assert {each.name for each in outcome.renditions} == {"large", "medium", "small", "mail"}


def test_a_jpeg_without_its_last_two_bytes_is_shown(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(pictures.camera_jpeg(1200, 900)[:-2])
    outcome = render(tmp_path / "original", tmp_path)
    assert isinstance(outcome, Rendered), outcome


@pytest.mark.long
def test_a_whole_photo_is_not_called_incomplete(tmp_path: Path) -> None:
    for kind in CUT:
        (tmp_path / "original").write_bytes(whole(kind))
        outcome = render(tmp_path / "original", tmp_path)
        assert isinstance(outcome, Rendered), kind
        assert not outcome.is_incomplete, kind


@pytest.mark.parametrize("kind", breadth(*CUT))
def test_a_photo_cut_off_at_whatever_tenth_is_shown_or_damaged(tmp_path: Path, kind: str) -> None:
    for tenth in range(1, 10):
        outcome = cut_at(kind, tenth / 10, tmp_path)
        assert isinstance(outcome, Rendered) or outcome.reason == "photo_damaged", tenth


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic"])  # a progressive one is coarse all over
def test_of_which_too_little_has_come_is_damaged(tmp_path: Path, kind: str) -> None:
    outcome = cut_at(kind, 0.03, tmp_path)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "photo_damaged"


@pytest.mark.parametrize("start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "])
def test_a_right_beginning_with_rubbish_behind_it_is_damaged(tmp_path: Path, start: bytes) -> None:
    assert reason_for(start + b"\xa5" * 5000, tmp_path) == "photo_damaged"


@pytest.mark.parametrize(
    "make",
    [
        lambda: pictures.png_header_only(30_000, 30_000),
        lambda: pictures.png_header_only(65_500, 20),
        lambda: pictures.png_header_only(2**31 - 1, 2**31 - 1),
        lambda: pictures.jpeg_that_lies(),
        lambda: pictures.jpeg_that_lies(65_500, 64),
        lambda: pictures.jpeg_that_lies(12_000, 10_001),
        lambda: pictures.webp_that_lies(),
    ],
)
def test_the_header_is_believed_before_anything_is_decoded(tmp_path: Path, make) -> None:
    assert reason_for(make(), tmp_path, Bounds(cpu_seconds=2)) == "photo_too_many_pixels"


def test_a_true_bomb_is_refused_and_the_next_photo_is_taken(tmp_path: Path) -> None:
    bomb = pictures.png_bomb()
    assert len(bomb) < 4_000_000
    assert reason_for(bomb, tmp_path, Bounds(cpu_seconds=2)) == "photo_too_many_pixels"
    assert takes_a_good_photo(tmp_path)


@pytest.mark.parametrize(
    "make",
    [
        pictures.png_with_a_profile_bomb,
        pictures.png_with_text_bombs,
        pictures.png_of_many_chunks,
        pictures.jpeg_of_many_scans,
        pictures.jpeg_with_profile_of,
    ],
)
@pytest.mark.long
def test_what_unpacks_without_end_costs_no_more_than_any_photo_may(tmp_path: Path, make) -> None:
    content = make()
    assert len(content) < 20_000_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    (tmp_path / "original").write_bytes(content)
    bounds = Bounds(cpu_seconds=4)
    render(tmp_path / "original", tmp_path, bounds)  # taken or refused, and never a fault of the machine
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used < bounds.cpu_seconds + 2
    assert takes_a_good_photo(tmp_path)


def spoiled(whole: bytes, seed: int) -> bytes:
    """Some bytes are others, and now and then a piece is missing or stands there twice."""
    dice = random.Random(seed)
    content = bytearray(whole)
    for _ in range(dice.choice((1, 3, 30))):
        content[dice.randrange(4, len(content))] = dice.randrange(256)
    if dice.random() < 0.3:
        start = dice.randrange(64, len(content))
        piece = content[start : start + dice.randrange(1, 2000)]
        content[start : start + dice.choice((0, len(piece)))] = piece * dice.choice((0, 2))
    return bytes(content)


GOOD_ONES = {
    "jpeg": lambda: pictures.camera_jpeg(640, 480),
    "png": pictures.png_with_text,
    "webp": pictures.webp_with_xmp,
    "heic": lambda: pictures.heic(640, 480),
}


def spoil(kind: str, folder: Path, seeds: range) -> None:
    whole = GOOD_ONES[kind]()
    for seed in seeds:
        (folder / "original").write_bytes(spoiled(whole, seed))
        try:
            render(folder / "original", folder)  # taken or refused
        except RenderingFailed as fault:
            pytest.fail(f"seed {seed}: {fault}")


@pytest.mark.parametrize("kind", breadth(*GOOD_ONES))
def test_a_photo_with_spoiled_bytes_is_taken_or_refused(tmp_path: Path, kind: str) -> None:
    spoil(kind, tmp_path, range(5))


@pytest.mark.long
@pytest.mark.parametrize("kind", GOOD_ONES)
def test_however_many_bytes_are_spoiled_a_photo_is_taken_or_refused(tmp_path: Path, kind: str) -> None:
    spoil(kind, tmp_path, range(5, 60))


def test_a_tracking_pixel_is_no_photo(tmp_path: Path) -> None:
    assert reason_for(pictures.encoded(pictures.street(1, 1), "PNG"), tmp_path) == "photo_too_small"


def test_memory_is_bounded_and_the_parent_lives(tmp_path: Path) -> None:
    content = pictures.encoded(pictures.street(6000, 5000, noise=0), "PNG", compress_level=1)
    assert reason_for(content, tmp_path, Bounds(memory_bytes=128 * 1024 * 1024)) == "photo_too_complex"
    assert takes_a_good_photo(tmp_path)


def with_child(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(render_module, "_COMMAND", [sys.executable, "-c", program])


GOOD = pictures.encoded(pictures.street(64, 64), "JPEG")


def test_a_photo_that_uses_up_its_cpu_time_is_rejected(tmp_path: Path, monkeypatch) -> None:
    with monkeypatch.context() as patched:
        with_child(
            patched, "from nerirepo.photos.render_child import _bind; _bind(2**30, 1)\nwhile True: pass"
        )
        assert reason_for(GOOD, tmp_path) == "photo_too_slow"
    assert takes_a_good_photo(tmp_path)


@pytest.mark.parametrize("signal", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL"])
def test_a_crash_of_the_decoder_is_a_damaged_photo(tmp_path: Path, monkeypatch, signal: str) -> None:
    with_child(monkeypatch, f"import os, signal; os.kill(os.getpid(), signal.{signal})")
    assert reason_for(GOOD, tmp_path) == "photo_damaged"


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(600)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "raise ImportError('half an installation')",
        "print('nonsense')",
        "print('x' * 100_000)",
        "print('{}')",
        """print('{"refused": "made_up"}')""",
        """print('{"rendered": {"width": 1, "height": 1, "renditions": [], """
        """"suggestion": {"place": null, "taken_at": null}}}')""",
    ],
)
def test_a_fault_of_the_machine_is_raised_and_not_laid_on_the_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    with_child(monkeypatch, program)
    (tmp_path / "original").write_bytes(GOOD)
    with pytest.raises(RenderingFailed):
        render(tmp_path / "original", tmp_path, Bounds(wall_seconds=2))


def test_a_child_out_of_time_is_killed_with_its_whole_group(tmp_path: Path, monkeypatch) -> None:
    pipe = tmp_path / "held open by the child and its own child"
    os.mkfifo(pipe)
    ours = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(ours, True)
    with_child(
        monkeypatch,
        f"import os, time; held = os.open({str(pipe)!r}, os.O_WRONLY); os.write(held, b'alive')\n"
        "os.fork(); time.sleep(600)",
    )
    (tmp_path / "original").write_bytes(GOOD)
    with pytest.raises(RenderingFailed):
        render(tmp_path / "original", tmp_path, Bounds(wall_seconds=2))
    assert os.read(ours, 100) == b"alive"
    assert os.read(ours, 100) == b""  # waits for ever while one of them lives
    os.close(ours)


def test_a_folder_that_cannot_be_written_is_not_the_photos_fault(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(GOOD)
    with pytest.raises(RenderingFailed):
        render(tmp_path / "original", tmp_path / "is not there")


def test_an_original_that_is_gone_is_not_the_photos_fault(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        render(tmp_path / "never came", tmp_path)


def test_a_full_disk_is_not_the_photos_fault(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(GOOD)
    (tmp_path / "large.webp").symlink_to("/dev/full")
    with pytest.raises(RenderingFailed, match="No space left"):
        render(tmp_path / "original", tmp_path)


def test_the_child_sees_no_secret_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NERIREPO_SECRET", "canary")
    with_child(monkeypatch, "import os, sys; sys.exit(' '.join(sorted(os.environ)))")
    (tmp_path / "original").write_bytes(GOOD)
    with pytest.raises(RenderingFailed) as failed:
        render(tmp_path / "original", tmp_path)
    assert "PYTHONPATH" in str(failed.value)
    assert "NERIREPO" not in str(failed.value)
