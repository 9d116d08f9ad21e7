# SPDX-License-Identifier: Apache-2.0
"""Checks authored data against the JSON Schemas in this folder and says what is wrong in plain words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from catalogue.authored import Authored, Problem, Route

_KINDS = {
    "string": "text",
    "array": "a list",
    "object": "a block of fields",
    "number": "a number",
    "boolean": "true or false",
}


@cache
def _validator(name: str) -> Draft202012Validator:
    path = Path(__file__).with_name(f"{name}.schema.json")
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")), format_checker=FormatChecker(["date"]))


def _bad_keys(data: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:
    """Keys that YAML read as something else than text (`1:` is a number); JSON Schema has no word for them."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if not isinstance(key, str):
                yield (*route, key), key
            yield from _bad_keys(value, (*route, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _bad_keys(value, (*route, index))


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    """What each of several allowed shapes complains about."""
    grouped: dict[int, list[ValidationError]] = {}
    for inner in error.context or []:
        grouped.setdefault(int(inner.schema_path[0]), []).append(inner)
    return list(grouped.values())


def _is_other_kind(inner: ValidationError) -> bool:
    """Whether a complaint only says that another shape was meant."""
    if inner.validator == "type":
        return not inner.relative_path
    return inner.validator in {"const", "enum"} and list(inner.relative_path) == ["type"]


def _meant(error: ValidationError) -> list[ValidationError]:
    """Of a choice between shapes, the complaints about the one that the author meant; none if that cannot be told."""
    candidates = [errors for errors in _branches(error) if not any(_is_other_kind(inner) for inner in errors)]
    return min(candidates, key=len, default=[])


def _kinds_allowed(error: ValidationError) -> list[str]:
    """The values of `type` that the shapes would take."""
    allowed: list[str] = []
    for inner in (inner for errors in _branches(error) for inner in errors if inner.validator in {"const", "enum"}):
        if list(inner.relative_path) == ["type"]:
            rule: Any = inner.validator_value
            allowed += rule if isinstance(rule, list) else [rule]
    return allowed


def _plain(error: ValidationError) -> str:
    """One complaint of the validator as a sentence for somebody who does not know JSON Schema."""
    where = ".".join(str(part) for part in error.absolute_path) or "the file"
    # Typed as "perhaps unset" by jsonschema; on an error that iter_errors() made they are set.
    instance: Any = error.instance
    rule: Any = error.validator_value
    match error.validator:
        case "required":
            missing = [name for name in rule if name not in instance]
            return f"{where}: '{', '.join(missing)}' is missing"
        case "additionalProperties":
            schema: Any = error.schema
            known = set(schema.get("properties", {}))
            extra = [str(name) for name in instance if name not in known]
            return f"{where}: '{', '.join(extra)}' is not known here (known: {', '.join(sorted(known))})"
        case "enum" | "const":
            allowed = rule if error.validator == "enum" else [rule]
            return f"{where}: '{instance}' is none of {', '.join(map(str, allowed))}"
        case "type":
            wanted = rule if isinstance(rule, list) else [rule]
            return f"{where}: must be {' or '.join(_KINDS.get(kind, str(kind)) for kind in wanted)}"
        case "pattern":
            return f"{where}: '{instance}' does not have the form {rule}"
        case "format":
            return f"{where}: there is no day '{instance}'"
        case "minItems":
            return f"{where}: needs at least {rule}, has {len(instance)}"
        case "minLength" | "minProperties":
            return f"{where}: must not be empty"
        case "uniqueItems":
            twice = sorted({str(item) for item in instance if instance.count(item) > 1})
            return f"{where}: '{', '.join(twice)}' stands twice"
        case "oneOf" if isinstance(instance, Mapping) and _kinds_allowed(error):
            named = instance.get("type")
            return f"{where}: the type '{named}' is none of {', '.join(_kinds_allowed(error))}"
        case "oneOf":
            return f"{where}: this has none of the forms that may stand here"
        case _:
            return f"{where}: {error.message}"


def _flatten(error: ValidationError) -> Iterator[ValidationError]:
    meant = _meant(error) if error.validator == "oneOf" else []
    if meant:
        for inner in meant:
            yield from _flatten(inner)
    elif error.validator in {"if", "allOf"} and error.context:
        for inner in error.context:
            yield from _flatten(inner)
    else:
        yield error


def _route(error: ValidationError) -> Route:
    """Where to point: at the key that is not known rather than at the block around it."""
    route: Route = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        schema: Any = error.schema
        instance: Any = error.instance
        return (*route, next(name for name in instance if name not in schema.get("properties", {})))
    return route


def problems_of(authored: Authored, schema: str) -> list[Problem]:
    """What is wrong with a file by `<schema>.schema.json`, in the order of its lines; empty when all is well."""
    bad = [authored.problem(route, f"write the key {key!r} in quotes") for route, key in _bad_keys(authored.data)]
    if bad:
        return bad
    found = [
        authored.problem(_route(inner), _plain(inner))
        for error in _validator(schema).iter_errors(authored.data)
        for inner in _flatten(error)
    ]
    return sorted(set(found), key=lambda problem: (problem.line, problem.message))
