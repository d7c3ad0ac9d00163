"""The description of the interface, OpenAPI 3.1, as one value; a test holds it to the routes."""

from __future__ import annotations

from typing import Any

_STRING = {"type": "string"}
_YEAR = {"type": "integer", "minimum": -9999, "maximum": 9999}
_FILTERS = {
    "q": ('What to look for; words, "phrases", -minus, wild*', _STRING),
    "type": ("Kind of record", _STRING),
    "place": ("Place", _STRING),
    "creator": ("Creator", _STRING),
    "subject": ("Subject", _STRING),
    "unit": ("Code of the responsible unit", _STRING),
    "from": ("First year", _YEAR),
    "to": ("Last year", _YEAR),
}


def openapi(base_url: str) -> dict[str, Any]:
    """Return the document for the server at `base_url`."""
    paging = {"page": ("Page, from 1", {"type": "integer", "minimum": 1})}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Linköpings stadsarkiv",
            "version": "1",
            "description": "The published edition of the city archive, read only.",
        },
        "servers": [{"url": base_url}],
        "paths": {
            "/api/v1/search": _get("Search the records", {**_FILTERS, **paging}, "Results"),
            "/api/v1/facets": _get("Count the records of a search", _FILTERS, "Facets"),
            "/api/v1/suggest": _get("Words that begin so", {"q": _FILTERS["q"]}, "Suggestions"),
            "/api/v1/records/{pid}": _record(),
        },
        "components": {"schemas": _SCHEMAS},
    }


def _get(summary: str, parameters: dict[str, tuple[str, Any]], schema: str) -> dict[str, Any]:
    return {
        "get": {
            "summary": summary,
            "parameters": [
                {"name": name, "in": "query", "description": text, "schema": form}
                for name, (text, form) in parameters.items()
            ],
            "responses": {"200": _answer("What was found", schema)},
        }
    }


def _record() -> dict[str, Any]:
    path = {"name": "pid", "in": "path", "required": True, "schema": _STRING}
    return {
        "get": {
            "summary": "One record, as JSON-LD in the words of schema.org",
            "parameters": [path],
            "responses": {
                "200": _answer("The record", "Record"),
                "404": _answer("Nothing that can be shown under that name", "Error"),
            },
        }
    }


def _answer(description: str, schema: str) -> dict[str, Any]:
    form = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": description, "content": {"application/json": {"schema": form}}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


_COUNT = _object(value=_STRING, label=_STRING, count={"type": "integer"})
_FACETS = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"$ref": "#/components/schemas/Count"}},
}
_SCHEMAS: dict[str, Any] = {
    "Count": _COUNT,
    "Facets": _object(total={"type": "integer"}, facets=_FACETS),
    "Item": _object(
        pid=_STRING, reference=_STRING, level=_STRING, title=_STRING, date=_STRING, url=_STRING
    ),
    "Results": _object(
        total={"type": "integer"},
        items={"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
        facets=_FACETS,
        next={"type": ["string", "null"]},
    ),
    "Suggestions": _object(items={"type": "array", "items": _STRING}),
    "Record": {"type": "object"},
    "Error": _object(error=_STRING),
}
