"""Nothing but `wards/` names a ward."""

import re
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CODE = ("nerirepo", "web", "api", "workers", "web_public", "web_residents", "web_staff")

ALLOWED = {"nerirepo/base/settings.py"}
"""Says which folder below `wards/` is the default."""
OUR_OWN_NAME = re.compile(r"nerirepo|ねりレポ API", re.IGNORECASE)


def tracked(*below: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={CHECKOUT}", "ls-files", "--", *below],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [CHECKOUT / name for name in listed if name]


def test_only_the_wards_folder_names_the_ward() -> None:
    found = []
    for path in tracked(*CODE):
        if path.suffix not in {".py", ".html", ".txt", ".po", ".css", ".js", ".ts"}:
            continue
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            rest = OUR_OWN_NAME.sub("", line)
            if re.search(r"練馬|ねりま|nerima|131202", rest, re.IGNORECASE):
                found.append(f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()[:80]}")
    assert [each for each in found if each.split(":")[0] not in ALLOWED] == []
