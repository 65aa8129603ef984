"""A copy is forgotten after thirty days, and no earlier than the moments need it to which one may go back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from nerirepo.base import clock
from operate.backup.back_up import KEPT_FOR, _forget
from operate.backup.folder import STAMP, bases

TODAY = datetime(2026, 11, 28, 3, tzinfo=UTC)


def a_base(folder: Path, days_ago: int, segment: str) -> None:
    base = folder / "base" / (TODAY - timedelta(days=days_ago)).strftime(STAMP)
    base.mkdir(parents=True)
    (base / "backup_label").write_text(f"START WAL LOCATION: 0/2000028 (file {segment})\n")


def test_what_no_moment_of_the_last_thirty_days_needs_is_gone(tmp_path: Path) -> None:
    assert timedelta(days=30) == KEPT_FOR
    (tmp_path / "wal").mkdir()
    for number, days_ago in enumerate((62, 31, 29, 1)):
        segment = f"00000001000000000000000{number}"
        a_base(tmp_path, days_ago, segment)
        (tmp_path / "wal" / segment).touch()
        day = tmp_path / "gone" / f"{TODAY - timedelta(days=days_ago):%Y-%m-%d}" / "private"
        day.mkdir(parents=True)
        (day / "photo").touch()
    with clock.at(TODAY):
        for _ in range(2):
            _forget(tmp_path)
    # The base of 31 days ago leads to any moment before the next.
    assert [(TODAY - at).days for at in bases(tmp_path)] == [31, 29, 1]
    assert [each.name[-1] for each in sorted((tmp_path / "wal").iterdir())] == ["1", "2", "3"]
    assert sorted(each.name for each in (tmp_path / "gone").iterdir()) == ["2026-10-30", "2026-11-27"]
