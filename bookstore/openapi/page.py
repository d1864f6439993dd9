"""The API's description as it is served: the committed document, and a page made of it that needs nothing else."""

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Served = tuple[str, dict[str, str]]
_STYLE = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
:root { color-scheme: light dark }
h2 { margin-top: 3rem } h3 { margin-top: 2rem } code { font-size: .95em }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0 }
tr { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
.method { display: inline-block; min-width: 4.5rem }
"""
_LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "format", "default")


@cache
def document() -> Served:
    """The OpenAPI document, with its headers."""
    return _text(), {"Content-Type": "application/json"}


@cache
def page() -> Served:
    """The page for people, with its headers; nothing but its own style may run or load."""
    allowed = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; frame-ancestors 'none'; base-uri 'none'"
    return html(json.loads(_text())), {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
    }


def html(api: Json) -> str:
    """An OpenAPI document as one HTML page."""
    title, about = escape(api["info"]["title"]), escape(api["info"]["description"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} API</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f'<body><h1>{title} API</h1><p>{about} <a href="openapi.json">OpenAPI document</a></p><main>'
        f"{''.join(_groups(api))}<h2>Schemas</h2>{''.join(_schemas(api))}</main></body></html>"
    )


def _text() -> str:
    return Path(__file__).parents[1].joinpath("openapi.json").read_text(encoding="utf-8")


def _groups(api: Json) -> Iterator[str]:
    operations = [(path, method, it) for path, item in api["paths"].items() for method, it in item.items()]
    operations.sort(key=lambda found: found[2]["tags"][0])
    for tag, group in groupby(operations, key=lambda found: found[2]["tags"][0]):
        yield f"<h2>{escape(tag)}</h2>{''.join(_operation(*found) for found in group)}"


def _operation(path: str, method: str, operation: Json) -> str:
    who = "Signed in: send <code>Authorization: Bearer …</code>." if "security" in operation else "Anybody."
    sent = operation.get("requestBody", {}).get("content", {})
    body = " or ".join(_sent(kind, media["schema"]) for kind, media in sent.items())
    answers = [answer.get("content", {}) for answer in operation["responses"].values()]
    call = f'<code><span class="method">{method.upper()}</span> {escape(path)}</code>'
    return (
        f'<h3 id="{operation["operationId"]}">{call}</h3>'
        f"<p>{escape(operation['summary'])}. {who}</p>"
        f"{_parameters(operation.get('parameters', []))}"
        f"{f'<p>Body: {body}</p>' if body else ''}"
        f"<table><tr><th>Answer</th><th>Body</th></tr>{''.join(_answers(operation['responses']))}</table>"
        f"{''.join(_examples(sent, *answers))}"
    )


def _examples(*contents: Json) -> Iterator[str]:
    for kind, media in (each for content in contents for each in content.items() if "example" in each[1]):
        found = media["example"]
        text = escape(found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False))
        yield f"<details><summary>{_sent(kind, media['schema'])}, for example</summary><pre>{text}</pre></details>"


def _sent(kind: str, schema: Json) -> str:
    """A body: what it holds, or what kind of file it is."""
    return _type(schema) if kind == "application/json" else escape(kind)


def _parameters(parameters: list[Json]) -> str:
    rows = [
        _row(f"{found['name']} ({found['in']})", found["schema"], found.get("required", False)) for found in parameters
    ]
    return _table("Parameter", rows) if rows else ""


def _answers(responses: Json) -> Iterator[str]:
    for status, answer in responses.items():
        bodies = [_sent(kind, media["schema"]) for kind, media in answer.get("content", {}).items()]
        yield (f"<tr><td>{status} {escape(answer['description'])}</td><td>{', '.join(bodies) or 'none'}</td></tr>")


def _schemas(api: Json) -> Iterator[str]:
    for name, schema in api["components"]["schemas"].items():
        needed = schema.get("required", [])
        rows = [_row(field, found, field in needed) for field, found in schema.get("properties", {}).items()]
        about = escape(schema.get("description", ""))
        yield f'<h3 id="{name}">{name}</h3><p>{about}</p>{_table("Field", rows) if rows else ""}'


def _table(first: str, rows: list[str]) -> str:
    return f"<table><tr><th>{first}</th><th>Type</th><th>Needed</th><th>Limits</th></tr>{''.join(rows)}</table>"


def _row(name: str, schema: Json, needed: bool) -> str:
    limits = ", ".join(
        f"{limit} {json.dumps(found[limit])}" for found in _kinds(schema) for limit in _LIMITS if limit in found
    )
    return (
        f"<tr><td><code>{escape(name)}</code></td><td>{_type(schema)}</td><td>{'yes' if needed else ''}</td>"
        f"<td>{escape(limits)}</td></tr>"
    )


def _kinds(schema: Json) -> list[Json]:
    kinds: list[Json] = schema.get("anyOf", [schema])
    return kinds


def _type(schema: Json) -> str:
    """What a value is, with links to the schemas that are described below."""
    return " or ".join(map(_one_type, _kinds(schema)))


def _one_type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f'<a href="#{name}">{name}</a>'
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return escape(json.dumps(schema["const"]) if "const" in schema else schema.get("type", "anything"))
