"""The API's description is complete, valid, and what is committed."""

import csv
import json
import re
from base64 import b64decode
from io import StringIO

import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import validate

from bookstore.catalog.exports import COLUMNS
from bookstore.catalog.pictures import picture
from bookstore.fields import Input
from bookstore.openapi.__main__ import PLACE, STACK, written
from bookstore.openapi.document import openapi
from bookstore.openapi.examples import EXAMPLES, Example
from bookstore.openapi.operations import OPERATIONS as DESCRIBED
from bookstore.openapi.page import document, html, page
from bookstore.reads import AN_HOUR
from tests.handlers import call

API = openapi(yaml.safe_load(STACK.read_text())["functions"])
OPERATIONS = [operation for item in API["paths"].values() for operation in item.values()]


def test_the_committed_document_is_what_the_models_say():
    assert PLACE.read_text() == written(), "run `python -m bookstore.openapi`"


def test_the_document_is_valid():
    validate(API)


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for operation in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation["operationId"])
def test_an_operation_that_needs_a_token_says_so_and_answers_401(operation):
    if "security" in operation:
        assert "401" in operation["responses"]
    assert {"400", "503"} <= set(operation["responses"])


def test_numbers_have_limits_that_readers_know():
    book = API["components"]["schemas"]["BookIn"]["properties"]
    assert book["price_cents"] == {"type": "integer", "minimum": 0, "maximum": 10**9}
    assert book["stock"] == {"type": "integer", "minimum": 0, "maximum": 10**6}


def test_answers_never_promise_null_but_for_the_cursor():
    for name, schema in API["components"]["schemas"].items():
        if name.endswith("Out"):
            nullable = [
                field for field, found in schema["properties"].items() if {"type": "null"} in found.get("anyOf", ())
            ]
            assert nullable in ([], ["next_cursor"]), name


@pytest.mark.parametrize(("name", "operation"), DESCRIBED.items(), ids=DESCRIBED)
def test_every_request_and_answer_has_an_example_that_fits_its_model(name, operation):
    example = EXAMPLES.get(name, Example())
    for model, given in ((operation.body, example.body), (operation.answer, example.answer)):
        assert (model is None) == (given is None), "write one into bookstore/openapi/examples.py"
        if model and given is not None:
            read = model.model_validate_json(json.dumps(given))
            assert issubclass(model, Input) or read.model_dump(exclude_unset=True) == given, "a field is unknown"
            schema = {"$ref": f"#/components/schemas/{model.__name__}", "components": API["components"]}
            jsonschema_rs.validate(schema, given, validate_formats=True)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation["operationId"])
def test_every_body_has_an_example_whatever_its_kind(operation):
    answers = [answer for status, answer in operation["responses"].items() if int(status) < 300]
    for body in (operation.get("requestBody", {}), *answers):
        for kind, media in body.get("content", {}).items():
            if not kind.startswith("image/") and kind != "text/html":
                assert "example" in media, f"write one of {kind} into bookstore/openapi/examples.py"


def test_examples_of_files_are_what_the_shop_reads_and_writes():
    def read(function, kind):
        return list(csv.DictReader(StringIO(EXAMPLES[function].texts[kind])))

    (listing,) = read("export-books", "text/csv")
    assert tuple(listing) == COLUMNS
    (day,) = read("list-sales", "text/csv")
    assert day == {name: str(value) for name, value in EXAMPLES["list-sales"].answer["items"][0].items()}
    assert picture(b64decode(EXAMPLES["set-cover"].texts["image/png"].partition(",")[2]))
    part = read("add-import-part", "application/octet-stream")
    assert (len(part), part[2]["isbn13"][-1]) == (3, "8")


def test_a_problem_has_an_example():
    problem = API["components"]["schemas"]["Problem"]
    for example in problem["examples"]:
        jsonschema_rs.validate(problem, example)


def test_a_public_function_that_is_not_described_is_noticed():
    with pytest.raises(KeyError):
        openapi({"new-function": {"annotations": {"http.route": "GET /api/new"}}})


def test_the_page_shows_every_operation_and_loads_nothing():
    text, headers = page()
    for path, item in API["paths"].items():
        assert path in text
        assert all(f'id="{operation["operationId"]}"' in text for operation in item.values())
    in_paths = json.dumps(OPERATIONS).count('"example": ') - json.dumps(OPERATIONS).count('"in": "path"')
    assert text.count("for example</summary>") == in_paths
    assert not re.search(r"(src|href)=\"(https?:)?//|<script|<link|@import|url\(", text)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    for target in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{target}"' in text


def test_the_page_shows_texts_as_they_are():
    api = {"info": {"title": "<b>", "description": "&"}, "paths": {}, "components": {"schemas": {}}}
    assert "<h1>&lt;b&gt; API</h1><p>&amp; " in html(api)


def test_the_function_serves_both_by_their_paths():
    shown = call("api-docs", X_Forwarded_Path="/api/docs")
    assert shown.body == page()[0]
    assert shown.headers["Content-Type"].startswith("text/html")
    for path in ({"X_Forwarded_Path": "/api/openapi.json"}, {}):
        assert call("api-docs", **path).body == document()[0]
    assert call("api-docs", query={"x": "1"}).fields == {"x"}


@pytest.mark.parametrize("path", ["/api/docs", "/api/openapi.json"])
def test_who_has_the_description_is_not_sent_it_again(path):
    first = call("api-docs", X_Forwarded_Path=path)
    assert first.headers["Cache-Control"] == AN_HOUR
    again = call("api-docs", X_Forwarded_Path=path, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, "")
    assert "304" in API["paths"][path]["get"]["responses"]


def test_page_and_document_are_told_apart():
    tags = {call("api-docs", X_Forwarded_Path=path).headers["ETag"] for path in ("/api/docs", "/api/openapi.json")}
    assert len(tags) == 2
