# SPDX-License-Identifier: Apache-2.0
"""LINE's official OpenAPI with its polymorphism written out, so that validators see it.

The documents say "discriminator" and `allOf` the parent: to a JSON Schema validator any object with a `type` is then a
valid message. Here a parent becomes `oneOf` its children, each child one flat object with a fixed `type` and no other
properties.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import yaml

Json = dict[str, Any]

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "line-openapi"
_SCHEMAS = "#/components/schemas/"


def strict(document: Json, *, closed: bool = True) -> Json:
    """The document with its schemas made strict; `closed` forbids properties that it does not know."""
    schemas: Json = document["components"]["schemas"]
    made = {name: _flat(schemas, schema, closed) for name, schema in schemas.items()}
    for parent, schema in schemas.items():
        if "discriminator" not in schema:
            continue
        key, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
        made[parent] = {"oneOf": [{"$ref": target} for target in mapping.values()]}
        for value, target in mapping.items():
            child = made[target.removeprefix(_SCHEMAS)]
            child["properties"] = child["properties"] | {key: {"const": value}}
            child["required"] = sorted({*child["required"], key})
    return document | {"components": document["components"] | {"schemas": made}}


def load(name: str) -> Json:
    """One of the official documents: `messaging-api` or `webhook`."""
    document: Json = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return document


def validator(document: Json, schema: str) -> jsonschema.Draft202012Validator:
    """Says whether a value is a `schema` of a document that was made strict."""
    return jsonschema.Draft202012Validator({**document, "$ref": f"{_SCHEMAS}{schema}"})


def _flat(schemas: Json, schema: Json, closed: bool) -> Json:
    """An object's own and inherited properties in one place; what is no object stays as it is."""
    properties, required = _gathered(schemas, schema)
    if not properties and schema.get("type") != "object":
        return schema
    flat: Json = {"type": "object", "properties": properties, "required": required}
    return flat | ({"additionalProperties": False} if closed and properties else {})


def _gathered(schemas: Json, schema: Json) -> tuple[Json, list[str]]:
    if "$ref" in schema:
        return _gathered(schemas, schemas[schema["$ref"].removeprefix(_SCHEMAS)])
    properties: Json = {}
    required: set[str] = set()
    for part in [*schema.get("allOf", ()), {key: value for key, value in schema.items() if key != "allOf"}]:
        more, needed = _gathered(schemas, part) if "$ref" in part or "allOf" in part else _own(part)
        properties |= more
        required |= set(needed)
    return properties, sorted(required)


def _own(schema: Json) -> tuple[Json, list[str]]:
    properties = {name: _nullable(one) for name, one in schema.get("properties", {}).items()}
    return properties, schema.get("required", [])


def _nullable(schema: Json) -> Json:
    """OpenAPI 3.0's own way to allow null."""
    return {"anyOf": [schema, {"type": "null"}]} if schema.get("nullable") else schema
