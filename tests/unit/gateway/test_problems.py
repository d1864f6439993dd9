import json
import re

import pytest

from faas.gateway.configuration import _ANSWERS
from faas.gateway.problems import payload, problem


@pytest.mark.parametrize("words", _ANSWERS.values(), ids=_ANSWERS.keys())
def test_every_answer_of_the_gateway_is_a_problem_document_with_the_requests_id(words):
    body = json.loads(re.search(r"lf-string '(.*)'", words)[1])
    assert body.keys() == {"type", "title", "status", "detail", "request_id"}
    assert body["request_id"] == "%[var(txn.id)]"
    assert "application/problem+json" in words


def test_the_status_stands_in_the_answer_and_in_its_body():
    words = problem(413, "Too much.")
    assert words.startswith("status 413 ")
    assert '"title":"Content Too Large","status":413,"detail":"Too much."' in words
    assert payload(413, "Too much.") in words
