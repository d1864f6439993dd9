"""Make the OpenAPI document: paths from stack.yml, schemas from the models."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from bookstore.openapi.examples import EXAMPLES, ID, Example
from bookstore.openapi.operations import (
    IF_MATCH,
    IF_MATCH_OR_ANY,
    IF_NONE_MATCH,
    KEY,
    OPERATIONS,
    OPTIONAL_KEY,
    Operation,
)

Json = dict[str, Any]
_REFERENCE = "#/components/schemas/{model}"
_PROBLEM: Json = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "description": "Every field that is wrong.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "examples": [
        {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "Not valid: title.",
            "request_id": "5f0c1d3e-8a42-4b7a-9d56-0e2f7c1b3a94",
            "errors": [{"field": "title", "message": "must not be blank"}],
        }
    ],
}
_INFO: Json = {
    "title": "Bookstore",
    "version": "1.0.0",
    "description": "Money is in minor units of one currency, times are UTC. Lists answer a page and the cursor"
    " of the next one.",
}
_BYTES: Json = {"schema": {"type": "string", "format": "binary"}}
_TEXT: Json = {"schema": {"type": "string"}}
_KEY_PATTERN = {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"}
_HEADERS: dict[str, Json] = {
    IF_MATCH: {
        "required": True,
        "description": "The ETag of the book as read.",
        "schema": {"type": "string", "pattern": r'^(W/)?"[0-9]{1,18}-[0-9]{1,18}(-[0-9.-]{1,40})?"$'},
    },
    IF_MATCH_OR_ANY: {
        "required": True,
        "description": "The ETag of the book as read, or * for whatever version there is.",
        "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,18}-[0-9]{1,18}(-[0-9.-]{1,40})?")$'},
    },
    IF_NONE_MATCH: {"description": "The ETag of the answer that the reader has.", "schema": {"type": "string"}},
    KEY: {
        "required": True,
        "description": "Repeating a request with its key has no second effect.",
        "schema": _KEY_PATTERN,
    },
    OPTIONAL_KEY: {"description": "Repeating a request with its key has no second effect.", "schema": _KEY_PATTERN},
}


class _Schemas(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        """Names of fields say enough."""
        del schema
        return False

    def generate_inner(self, schema: Any) -> Json:
        """A validator before a number hides from pydantic that the limits are a number's."""
        described = super().generate_inner(schema)
        for short, name in (("ge", "minimum"), ("le", "maximum")):
            if short in described:
                described[name] = described.pop(short)
        return described

    def default_schema(self, schema: Any) -> Json:
        """A field that may be left out does not say so with null."""
        described = super().default_schema(schema)
        if "default" in described and described["default"] is None:
            del described["default"]
        return described


def openapi(functions: Mapping[str, Json]) -> Json:
    """The document for stack.yml's functions. Raises KeyError for a public function that is not described."""
    paths: dict[str, Json] = {}
    for name, function in functions.items():
        for method, path in routes(function):
            paths.setdefault(path, {})[method] = _operation(name, path)
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**_schemas(), "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def routes(function: Json) -> Iterator[tuple[str, str]]:
    """The method, in lower case, and the path of each public route of a function."""
    for route in filter(str.strip, function.get("annotations", {}).get("http.route", "").split(",")):
        method, path = route.split()
        yield method.lower(), path


def _operation(name: str, path: str) -> Json:
    operation, example = OPERATIONS[name], EXAMPLES.get(name, Example())
    content: Json = _json(operation.body, example.body) if operation.body else {}
    content |= {kind: _as_it_is(kind, _BYTES, example) for kind in operation.sends}
    parameters = [*_path_parameters(path), *_query_parameters(operation.query), *map(_header, operation.headers)]
    return {
        "operationId": name if name != "api-docs" else f"{name}-{path.rsplit('/', 1)[1].replace('.', '-')}",
        "summary": operation.summary,
        "tags": [operation.tag],
        **({"security": [{"token": []}]} if operation.signed_in else {}),
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": {"required": operation.body_needed, "content": content}} if content else {}),
        "responses": {str(status): answer for status, answer in _responses(operation, path, example)},
    }


def _responses(operation: Operation, path: str, example: Example) -> Iterator[tuple[int, Json]]:
    success: Json = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer:
        success["content"] = _json(operation.answer, example.answer)
        success["content"] |= {kind: _as_it_is(kind, _TEXT, example) for kind in operation.media_types}
    elif operation.gives:
        success["content"] = {operation.gives: _as_it_is(operation.gives, _BYTES, example)}
    elif operation.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.ACCEPTED):
        described = {"schema": {"type": "object"}, "example": {"openapi": "3.1.0", "info": _INFO, "paths": {}}}
        success["content"] = {"application/json": described} if path.endswith(".json") else {"text/html": _TEXT}
    headers = {name: _answer_header(text) for name, text in operation.answer_headers.items()}
    yield operation.status, success | ({"headers": headers} if headers else {})
    for status in sorted({400, 503, *operation.errors, *((401,) if operation.signed_in else ()), *_of_body(operation)}):
        problem = {"application/problem+json": {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
        yield (
            status,
            {
                "description": HTTPStatus(status).phrase,
                **({"content": problem} if status != HTTPStatus.NOT_MODIFIED else {}),
            },
        )


def _of_body(operation: Operation) -> tuple[int, ...]:
    return (413, 415) if operation.body else ()


def _answer_header(text: str) -> Json:
    return {"description": text, "schema": {"type": "string"}}


def _path_parameters(path: str) -> Iterator[Json]:
    for name in re.findall(r"\{(\w+)\}", path):
        example = "1" if name == "number" else ID
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}


def _query_parameters(model: type[BaseModel]) -> Iterator[Json]:
    described = model.model_json_schema(schema_generator=_Schemas)
    for name, schema in described.get("properties", {}).items():
        needed = {"required": True} if name in described.get("required", ()) else {}
        yield {"name": name, "in": "query", **needed, "schema": _without_null(schema)}


def _header(name: str) -> Json:
    return {"name": name.partition(" ")[0], "in": "header", **_HEADERS[name]}


def _json(model: type[BaseModel] | None, example: Json | None) -> Json:
    """A body or an answer of this model."""
    schema = {"$ref": _REFERENCE.format(model=model.__name__)} if model else {}
    return {"application/json": {"schema": schema, **({} if example is None else {"example": example})}}


def _as_it_is(kind: str, described: Json, example: Example) -> Json:
    """A body or an answer that is no JSON, with its example; that of a picture is a URL which holds it."""
    text = example.texts.get(kind)
    if text is None:
        return described
    picture = kind.startswith("image/")
    return described | ({"examples": {"small": {"externalValue": text}}} if picture else {"example": text})


def _schemas() -> Json:
    taken = {operation.body for operation in OPERATIONS.values()}
    given = {operation.answer for operation in OPERATIONS.values()}
    models = sorted(filter(None, taken | given), key=lambda model: model.__name__)
    _, found = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REFERENCE, schema_generator=_Schemas
    )
    schemas: Json = found["$defs"]
    for name, schema in schemas.items():
        if name.endswith("Out"):
            # Answers leave out what is not known, and never say null for it.
            optional = schema["properties"].keys() - set(schema.get("required", ()))
            schema["properties"] |= {field: _without_null(schema["properties"][field]) for field in sorted(optional)}
    return schemas


def _without_null(schema: Json) -> Json:
    """The schema of a value that is left out rather than null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**kinds[0], **rest} if len(kinds) == 1 else schema
