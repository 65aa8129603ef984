"""Reads a Mapbox Vector Tile of points, as a map in a browser does: protobuf, by hand."""

import struct
from collections.abc import Iterator
from typing import Any

Feature = dict[str, Any]
"""Attributes, and `at`: the point in the tile, 0 to 4095 from its north-west corner."""


def layers(tile: bytes) -> dict[str, list[Feature]]:
    """Name of each layer to its features."""
    found = {}
    for _, layer in _fields(tile):
        fields = list(_fields(layer))
        keys = [value.decode() for number, value in fields if number == 3]
        values = [_value(value) for number, value in fields if number == 4]
        name = next(value.decode() for number, value in fields if number == 1)
        found[name] = [_feature(value, keys, values) for number, value in fields if number == 2]
    return found


def _feature(message: bytes, keys: list[str], values: list[Any]) -> Feature:
    parts = dict(_fields(message))
    tags, geometry = _packed(parts.get(2, b"")), _packed(parts[4])
    feature = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    return feature | {"at": tuple(_signed(part) for part in geometry[1:3])}


def _value(message: bytes) -> Any:
    number, value = next(_fields(message))
    match number:
        case 1:
            return value.decode()
        case 2:
            return struct.unpack("<f", value)[0]
        case 3:
            return struct.unpack("<d", value)[0]
        case 6:
            return _signed(value)
        case _:
            return value


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        match tag & 7:
            case 0:
                value, at = _varint(message, at)
            case 1:
                value, at = message[at : at + 8], at + 8
            case 2:
                length, at = _varint(message, at)
                value, at = message[at : at + length], at + length
            case _:
                value, at = message[at : at + 4], at + 4
        yield tag >> 3, value


def _packed(message: bytes) -> list[int]:
    found, at = [], 0
    while at < len(message):
        value, at = _varint(message, at)
        found.append(value)
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)
