"""The browser's program reads place and time of a photo as the service does: by the same table of cases."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.exif_cases import ExifCase, exif_cases

ROOT = Path(__file__).parents[2]
READ_ALL = """
import { readFileSync } from "node:fs";
import { readClaim } from "./exif.mjs";
const read = [];
for (const file of JSON.parse(readFileSync(0, "utf8"))) {
  const { place, takenAt } = await readClaim(new Uint8Array(Buffer.from(file, "base64")).buffer);
  read.push({ place, taken_at: takenAt });
}
console.log(JSON.stringify(read));
"""
NO_PHOTOS = [
    b"",
    b"\xff",
    b"\xff\xd8\xff",
    b"RIFF\0\0\0\0WEBP",
    b"RIFF\xff\xff\xff\xffWEBPEXIF\xff\xff\xff\xff",
    b"<html>",
]


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the program reads of each case, in their order, and of what is no photo."""
    folder = tmp_path_factory.mktemp("reader")
    subprocess.run(
        [
            ROOT / "node_modules/.bin/esbuild",
            ROOT / "web_public/program/posting/exif.ts",
            "--bundle",
            "--format=esm",
            "--target=es2021",
            f"--outfile={folder / 'exif.mjs'}",
        ],
        check=True,
        capture_output=True,
    )
    (folder / "all.mjs").write_text(READ_ALL)
    files = [*(case.file for case in exif_cases()), *NO_PHOTOS]
    said = subprocess.run(
        [ROOT / ".venv/bin/node", folder / "all.mjs"],
        input=json.dumps([base64.b64encode(file).decode() for file in files]),
        check=True,
        capture_output=True,
        text=True,
    )
    read: list[dict[str, Any]] = json.loads(said.stdout)
    return read


@pytest.mark.parametrize(
    ("position", "case"), list(enumerate(exif_cases())), ids=[case.name for case in exif_cases()]
)
def test_the_browser_reads_each_photo_as_the_table_says(
    claims: list[dict[str, Any]], position: int, case: ExifCase
) -> None:
    assert claims[position] == case.claim


def test_what_is_no_photo_claims_nothing(claims: list[dict[str, Any]]) -> None:
    assert claims[-len(NO_PHOTOS) :] == [{"place": None, "taken_at": None}] * len(NO_PHOTOS)
