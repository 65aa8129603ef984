"""From a resident's photo to "glad it's fixed": docs/walk.sh against the service of `script/server`."""

import re
import subprocess
import urllib.request
from pathlib import Path

from operate.supervising.process import free_port
from tests.operate.supervising.test_up import environment, service
from tests.support.pictures import camera_jpeg

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_main_job_from_a_photo_to_the_letter_and_the_public_page(tmp_path: Path) -> None:
    before = tmp_path / "before.jpg"
    before.write_bytes(camera_jpeg())
    home, port = tmp_path / "home", free_port()
    with service(home, port):
        walked = subprocess.run(
            [str(CHECKOUT / "docs" / "walk.sh"), str(before)],
            env=environment(home) | {"PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert walked.returncode == 0, walked.stdout + walked.stderr
        number = re.findall(r"NR-\d{4}-\d{6}", walked.stdout)[0]
        with urllib.request.urlopen(f"http://localhost:{port}/reports/{number}") as page:
            html = page.read().decode()
    assert "歩道に穴があります。" in html
    assert "穴をふさぎました。" in html
    # What only the resident wrote, and who it was, is nowhere on it.
    assert "歩道に穴があいています。" not in html
    assert "walk." not in html
