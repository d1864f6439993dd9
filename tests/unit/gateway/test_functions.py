import json
from dataclasses import asdict, replace

import pytest

from faas.gateway.functions import Function, Route, State
from tests.unit.gateway.samples import ENTRY, GET_BOOK, STATE


def state(*entries):
    return State.from_json({"version": "1", "functions": list(entries)})


def test_the_providers_entry_becomes_a_function():
    (function,) = state(ENTRY).functions
    assert function == Function(
        "echo", "shop_fn-echo", (Route("GET", "/api/echo/{id}"),), ready_path="/_/ready", idempotency_key=True
    )


def test_what_is_kept_on_the_volume_reads_back_the_same():
    document = {"version": STATE.version, "functions": [asdict(function) for function in STATE.functions]}
    assert State.from_json(json.loads(json.dumps(document))) == STATE


@pytest.mark.parametrize(
    "flaw",
    [
        {"name": "no spaces"},
        {"name": "a\nserver evil 10.0.0.1:80"},
        {"service": "x:1 check"},
        {"ready_path": "/ready hdr X y"},
        {"routes": [{"method": "GET", "path": "/api/(.*"}]},
        {"routes": [{"method": "GET /", "path": "/api/x"}]},
        {"routes": [{"method": "GET", "path": "/api/{id}x"}]},
        {"max_inflight": "many"},
    ],
)
def test_a_function_that_would_spoil_the_configuration_is_refused_and_the_others_served(flaw):
    found = state({**ENTRY, **flaw}, {**ENTRY, "name": "other", "routes": []})
    assert [function.name for function in found.functions] == ["other"]
    assert [name for name, _ in found.refused] == [{**ENTRY, **flaw}["name"]]


def test_only_more_than_cold_marks_needs_a_reload():
    colder = State("2", tuple(replace(function, cold=True) for function in STATE.functions))
    assert not colder.needs_reload(STATE)
    assert State("2", (*STATE.functions, replace(GET_BOOK, name="new"))).needs_reload(STATE)
    assert State("2", tuple(replace(function, max_replicas=99) for function in STATE.functions)).needs_reload(STATE)
    assert State("2", tuple(replace(function, asleep=True) for function in STATE.functions)).needs_reload(STATE)
