"""Would an app that was built for the old document fail on a service that keeps the new one?

Additions are welcome: operations, parameters that may be left out, fields of answers, values of enums, codes.
Whatever an app sends must still be taken, and whatever it reads must still be there.
"""

from collections.abc import Iterator
from typing import Any

from api.mobile.contract import CODES, COMES_WITH

AT_MOST = ("maximum", "maxLength", "maxItems", "maxProperties", "exclusiveMaximum")
AT_LEAST = ("minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum")
Document = dict[str, Any]


def breaking(old: Document, new: Document) -> list[str]:
    """What breaks, each in one line; empty where nothing does."""
    return list(_Comparison(old, new).all())


class _Comparison:
    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str, bool]] = set()

    def all(self) -> Iterator[str]:
        for path, operations in self._old["paths"].items():
            for method, old in operations.items():
                where = f"{method.upper()} {path}"
                new = self._new["paths"].get(path, {}).get(method)
                if new is None:
                    yield f"{where}: removed"
                    continue
                yield from self._parameters(where, old, new)
                yield from self._request(where, old.get("requestBody"), new.get("requestBody"))
                yield from self._answers(where, old["responses"], new["responses"])
                yield from self._successes(where, old, new)
                if new.get("security") and not old.get("security"):
                    yield f"{where}: signing in is newly required"

    def _parameters(self, where: str, old: Document, new: Document) -> Iterator[str]:
        before = {(each["in"], each["name"]): each for each in old.get("parameters", ())}
        after = {(each["in"], each["name"]): each for each in new.get("parameters", ())}
        for key, parameter in before.items():
            if key not in after:
                yield f"{where}: parameter {key[1]} removed"
            else:
                yield from self._sent(f"{where}: {key[1]}", parameter["schema"], after[key]["schema"])
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{where}: parameter {key[1]} newly required"

    def _request(self, where: str, old: Document | None, new: Document | None) -> Iterator[str]:
        if new and new.get("required") and not (old and old.get("required")):
            yield f"{where}: a body is newly required"
        if old and not new:
            yield f"{where}: the body is not taken any more"
        for media_type, content in (old or {}).get("content", {}).items():
            taken = (new or {}).get("content", {}).get(media_type)
            if taken is None:
                yield f"{where}: {media_type} is not taken any more"
            else:
                yield from self._sent(f"{where}: body", content.get("schema", {}), taken.get("schema", {}))

    def _successes(self, where: str, old: Document, new: Document) -> Iterator[str]:
        """A new one is welcome where it comes only with a field that no older app can send."""
        for status in new["responses"].keys() - old["responses"].keys():
            comes_with = new["responses"][status].get(COMES_WITH)
            is_young = comes_with in _fields(self._new, new) - _fields(self._old, old)
            if status < "400" and not is_young:
                yield f"{where}: answers {status} now"

    def _answers(self, where: str, old: Document, new: Document) -> Iterator[str]:
        for status, answer in old.items():
            if status not in new:
                yield f"{where}: {status} removed"
                continue
            for code in set(answer.get(CODES, ())) - set(new[status].get(CODES, ())):
                yield f"{where}: {status}: code {code} removed"
            for media_type, content in answer.get("content", {}).items():
                answered = new[status].get("content", {}).get(media_type)
                if answered is None:
                    yield f"{where}: {status}: {media_type} removed"
                else:
                    told = (content.get("schema", {}), answered.get("schema", {}))
                    yield from self._read(f"{where}: {status}", *told)

    def _sent(self, where: str, old: Document, new: Document) -> Iterator[str]:
        """What apps send: it may only become wider."""
        if self._is_known(old, new, is_sent=True):
            return
        old, new = _resolved(self._old, old), _resolved(self._new, new)
        yield from _types_gone(where, old, new, "is not taken any more")
        for bound in AT_MOST:
            if bound in new and new[bound] < old.get(bound, float("inf")):
                yield f"{where}: {bound} is narrower"
        for bound in AT_LEAST:
            if bound in new and new[bound] > old.get(bound, float("-inf")):
                yield f"{where}: {bound} is narrower"
        for rule in ("pattern", "format", "const"):
            if rule in new and new[rule] != old.get(rule):
                yield f"{where}: {rule} is newly asked for"
        if "enum" in new and "enum" not in old:
            yield f"{where}: only some values are taken now"
        yield from _values_gone(where, old, new)
        for name in set(new.get("required", ())) - set(old.get("required", ())):
            yield f"{where}.{name}: newly required"
        yield from self._parts(where, old, new, is_sent=True)

    def _read(self, where: str, old: Document, new: Document) -> Iterator[str]:
        """What apps read: it may only become more."""
        if self._is_known(old, new, is_sent=False):
            return
        old, new = _resolved(self._old, old), _resolved(self._new, new)
        yield from _types_gone(where, new, old, "is newly answered")
        yield from _values_gone(where, old, new)
        for name in set(old.get("required", ())) & old.get("properties", {}).keys():
            if name in new.get("properties", {}) and name not in new.get("required", ()):
                yield f"{where}.{name}: may be missing now"
        yield from self._parts(where, old, new, is_sent=False)

    def _parts(self, where: str, old: Document, new: Document, *, is_sent: bool) -> Iterator[str]:
        compare = self._sent if is_sent else self._read
        for name, schema in old.get("properties", {}).items():
            if name not in new.get("properties", {}):
                yield f"{where}.{name}: removed"
            else:
                yield from compare(f"{where}.{name}", schema, new["properties"][name])
        for part in ("items", "additionalProperties"):
            if isinstance(old.get(part), dict) and isinstance(new.get(part), dict):
                yield from compare(f"{where}[]", old[part], new[part])
        for one, other in zip(old.get("anyOf", ()), new.get("anyOf", ()), strict=False):
            yield from compare(where, one, other)

    def _is_known(self, old: Document, new: Document, *, is_sent: bool) -> bool:
        """Schemas may contain themselves."""
        if "$ref" not in old or "$ref" not in new:
            return False
        key = (old["$ref"], new["$ref"], is_sent)
        if key in self._seen:
            return True
        self._seen.add(key)
        return False


def _fields(document: Document, operation: Document) -> set[str]:
    """Of the body that is sent."""
    contents = operation.get("requestBody", {}).get("content", {}).values()
    return {name for each in contents for name in _resolved(document, each["schema"]).get("properties", {})}


def _resolved(document: Document, schema: Document) -> Document:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _types_gone(where: str, old: Document, new: Document, what: str) -> Iterator[str]:
    """Where any type is allowed (an empty schema), none can be gone."""
    before, after = _types(old), _types(new)
    if after and "number" in after:
        after |= {"integer"}
    if after and not before:
        yield f"{where}: any type but {', '.join(sorted(after))} {what}"
    for kind in sorted(before - after) if after else ():
        yield f"{where}: {kind} {what}"


def _types(schema: Document) -> set[str]:
    if "anyOf" in schema:
        return {kind for each in schema["anyOf"] for kind in _types(each)}
    if "$ref" in schema:
        return {"object"}
    return {schema["type"]} if "type" in schema else set()


def _values_gone(where: str, old: Document, new: Document) -> Iterator[str]:
    if "enum" in old and "enum" in new:
        for value in sorted(set(map(str, old["enum"])) - set(map(str, new["enum"]))):
            yield f"{where}: value {value} removed"
