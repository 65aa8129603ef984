"""The contract's examples were sent: each is sent again here, and answered alike."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.mobile import router
from api.mobile.document import document
from tests.contract.story import tell

PUBLISHED = Path(__file__).resolve().parents[2] / "mobile_contract" / "examples.json"

CHANGING = re.compile(
    r"""(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
    | (?P<number>NR-\d{4}-\d{6})
    | (?P<moment>\d{4}-\d\d-\d\d(T[\d:.]+(Z|\+\d\d:\d\d))?)
    | (?P<media>\b[0-9a-f]{32}\b)
    | (?P<sha256>\b[0-9a-f]{64}\b)
    | (?P<signed>expires=\d+&signature=[\w-]+)
    """,
    re.VERBOSE,
)
MADE_BY_CHANCE = {
    "token",
    "device",
    "signature",
    "content_sha256",
    "key_id",
    "public_key",
    "next_cursor",
    "cursor",
}
BY_THE_HOUR = {"is_being_read"}


def masked(examples: dict[str, Any]) -> Any:
    """What is the same each time. Two ids that are equal stay so, and others differ."""
    names: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        kind, value = str(found.lastgroup), found.group()
        return kind if kind in ("moment", "signed") else names.setdefault(value, f"{kind} {len(names) + 1}")

    return json.loads(CHANGING.sub(name, json.dumps(_without_chance(examples), ensure_ascii=False)))


def _without_chance(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_chance(each) for each in value]
    if isinstance(value, dict):
        # A letter that a worker takes up before the report's photo waits for its picture.
        of_a_letter = {"state", "finished_at"} if "template" in value else set()
        return {
            name: "..."
            if name in BY_THE_HOUR | of_a_letter or (name in MADE_BY_CHANCE and isinstance(each, str))
            else _without_chance(each)
            for name, each in value.items()
        }
    # The code of a sign-in, and how long a made-up camera took.
    return "digits" if isinstance(value, str) and re.fullmatch(r"\d{6}", value) else value


def test_each_example_was_sent_and_is_answered_alike(client: TestClient, work: Callable[[], None]) -> None:
    told = tell(client, work)
    recorded_in = os.environ.get("RECORD_EXAMPLES_IN")
    if recorded_in:
        _record(Path(recorded_in), told)
        return
    assert masked(told) == masked(json.loads(PUBLISHED.read_text())), "run script/contract"


def test_every_operation_and_every_schema_has_an_example() -> None:
    published = document(router, json.loads(PUBLISHED.read_text()))
    operations = {each["operationId"] for path in published["paths"].values() for each in path.values()}
    assert operations - json.loads(PUBLISHED.read_text()).keys() == set()
    schemas = published["components"]["schemas"]
    without = {name for name, each in schemas.items() if not (each.get("examples") or each.get("enum"))}
    assert without == set()


def test_every_operation_parameter_and_schema_is_described() -> None:
    published = document(router)
    mute = {name for name, each in published["components"]["schemas"].items() if not each.get("description")}
    for path in published["paths"].values():
        for operation in path.values():
            mute |= {operation["operationId"]} if not operation.get("description") else set()
            mute |= {each["name"] for each in operation["parameters"] if not each.get("description")}
    assert mute == set()


def _record(file: Path, told: dict[str, Any]) -> None:
    """Only what really differs: ids and times alone are no news."""
    held = json.loads(file.read_text())
    if masked(told) != masked(held):
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
