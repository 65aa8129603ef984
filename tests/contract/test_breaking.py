"""What an app may rely on is never taken away from it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.mobile import router
from api.mobile.document import document
from api.mobile.levels import LEVELS
from tests.contract.breaking import breaking

FOLDER = Path(__file__).resolve().parents[2] / "mobile_contract" / "levels"

OLD: dict[str, Any] = {
    "paths": {
        "/v1/things/{id}": {
            "put": {
                "parameters": [
                    {"in": "path", "name": "id", "required": True, "schema": {"type": "string"}},
                    {"in": "query", "name": "kind", "schema": {"type": "string", "enum": ["a", "b"]}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}},
                },
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Read"}}}
                    },
                    "409": {"x-codes": ["taken", "crossed"]},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Sent": {
                "type": "object",
                "properties": {
                    "words": {"type": "string", "maxLength": 100},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
                "required": ["words"],
            },
            "Read": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "state": {"type": "string", "enum": ["new", "done"]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Read"}},
                    "town": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
                "required": ["id", "state"],
            },
        }
    },
}

Change = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], Any]


def put(new: dict[str, Any]) -> dict[str, Any]:
    return new["/v1/things/{id}"]["put"]


BREAKING: dict[str, Change] = {
    "PUT /v1/things/{id}: removed": lambda paths, sent, read: paths.clear(),
    "parameter kind removed": lambda paths, sent, read: put(paths)["parameters"].pop(),
    "parameter kind newly required": lambda paths, sent, read: put(paths)["parameters"][1].update(
        required=True
    ),
    "kind: value b removed": lambda paths, sent, read: put(paths)["parameters"][1]["schema"]["enum"].pop(),
    "parameter since newly required": lambda paths, sent, read: put(paths)["parameters"].append(
        {"in": "query", "name": "since", "required": True, "schema": {"type": "string"}}
    ),
    "the body is not taken any more": lambda paths, sent, read: put(paths).pop("requestBody"),
    "application/json is not taken any more": lambda paths, sent, read: put(paths)["requestBody"][
        "content"
    ].clear(),
    "signing in is newly required": lambda paths, sent, read: put(paths).update(security=[{"device": []}]),
    "answers 202 now": lambda paths, sent, read: put(paths)["responses"].update({"202": {}}),
    "200 removed": lambda paths, sent, read: put(paths)["responses"].pop("200"),
    "409: code taken removed": lambda paths, sent, read: put(paths)["responses"]["409"]["x-codes"].remove(
        "taken"
    ),
    "200: application/json removed": lambda paths, sent, read: put(paths)["responses"]["200"][
        "content"
    ].clear(),
    "body.note: removed": lambda paths, sent, read: sent["properties"].pop("note"),
    "body.note: newly required": lambda paths, sent, read: sent["required"].append("note"),
    "body.note: null is not taken any more": lambda paths, sent, read: sent["properties"].update(
        note={"type": "string"}
    ),
    "body.words: string is not taken any more": lambda paths, sent, read: sent["properties"].update(
        words={"type": "integer"}
    ),
    "body.words: maxLength is narrower": lambda paths, sent, read: sent["properties"]["words"].update(
        maxLength=99
    ),
    "body.words: minLength is narrower": lambda paths, sent, read: sent["properties"]["words"].update(
        minLength=1
    ),
    "body.words: pattern is newly asked for": lambda paths, sent, read: sent["properties"]["words"].update(
        pattern="^a"
    ),
    "body.words: only some values are taken now": lambda paths, sent, read: sent["properties"][
        "words"
    ].update(enum=["a"]),
    "200.state: removed": lambda paths, sent, read: read["properties"].pop("state"),
    "200.state: may be missing now": lambda paths, sent, read: read["required"].remove("state"),
    "200.state: value done removed": lambda paths, sent, read: read["properties"]["state"]["enum"].pop(),
    "200.id: integer is newly answered": lambda paths, sent, read: read["properties"].update(
        id={"type": "integer"}
    ),
    "200.id: null is newly answered": lambda paths, sent, read: read["properties"].update(
        id={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
}

WELCOME: dict[str, Change] = {
    "a route": lambda paths, sent, read: paths.update({"/v1/more": {"get": {"responses": {}}}}),
    "a parameter that may be left out": lambda paths, sent, read: put(paths)["parameters"].append(
        {"in": "query", "name": "since", "schema": {"type": "string"}}
    ),
    "a code": lambda paths, sent, read: put(paths)["responses"]["409"]["x-codes"].append("late"),
    "a kind of error": lambda paths, sent, read: put(paths)["responses"].update({"451": {"x-codes": ["x"]}}),
    "a field that may be sent": lambda paths, sent, read: sent["properties"].update(more={"type": "string"}),
    "more words": lambda paths, sent, read: sent["properties"]["words"].update(maxLength=200),
    "any words": lambda paths, sent, read: sent["properties"]["words"].pop("maxLength"),
    "a field less to send": lambda paths, sent, read: sent["required"].clear(),
    "a field to read": lambda paths, sent, read: read["properties"].update(more={"type": "string"}),
    "a value to read": lambda paths, sent, read: read["properties"]["state"]["enum"].append("lost"),
    "never null any more": lambda paths, sent, read: read["properties"].update(town={"type": "string"}),
    "a success that comes with a new field": lambda paths, sent, read: (
        sent["properties"].update(more={"type": "string"}),
        put(paths)["responses"].update({"201": {"x-comes-with": "more"}}),
    ),
    "always there": lambda paths, sent, read: read["required"].append("town"),
}


def changed(change: Change) -> dict[str, Any]:
    new = copy.deepcopy(OLD)
    schemas = new["components"]["schemas"]
    change(new["paths"], schemas["Sent"], schemas["Read"])
    assert new != OLD
    return new


@pytest.mark.parametrize("told", BREAKING)
def test_what_breaks_an_app_is_told(told: str) -> None:
    found = breaking(OLD, changed(BREAKING[told]))
    assert any(told in each for each in found), found


@pytest.mark.parametrize("addition", WELCOME)
def test_what_an_app_need_not_know_is_welcome(addition: str) -> None:
    assert breaking(OLD, changed(WELCOME[addition])) == []


@pytest.mark.parametrize("level", [each.number for each in LEVELS])
def test_the_service_keeps_what_it_promised_at_each_level(level: int) -> None:
    frozen = json.loads((FOLDER / str(level) / "openapi.json").read_text())
    assert frozen["info"]["version"] == str(level)
    assert breaking(frozen, document(router)) == []
