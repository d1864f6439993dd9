from faas.dashboard.functions import row, usages

STATUS = {
    "name": "echo",
    "image": "echo:latest",
    "replicas": 2,
    "availableReplicas": 1,
    "invocationCount": 7,
    "labels": {"com.openfaas.scale.min": "2", "com.openfaas.scale.max": "9", "com.openfaas.scale.type": "capacity"},
}
VERDICT = {
    "reason": "minimum",
    "replicas": 2,
    "recommended": 1,
    "load": {"in_flight": 0.5, "queued": 0.25, "rps": 3.0},
    "policy": {"kind": "capacity", "target": 50.0, "proportion": 0.9},
}


def test_a_row_joins_what_provider_autoscaler_and_labels_say():
    told = row(STATUS, VERDICT)
    assert (told["ready"], told["replicas"], told["min"], told["max"]) == (1, 2, 2, 9)
    assert (told["in_flight"], told["queued"], told["why"]) == (0.5, 0.25, "2 is its minimum")
    assert told["carried"] == 45.0


def test_what_nobody_told_is_none_and_never_zero():
    told = row(STATUS, None)
    assert [told[figure] for figure in ("in_flight", "queued", "why")] == [None] * 3


def test_what_was_not_measured_is_left_out_of_the_usage():
    measured = STATUS | {"name": "busy", "usage": {"cpu": 120.0, "totalMemoryBytes": 5.0}}
    assert usages([STATUS, measured]) == {"busy": {"cpu": 120.0, "memory": 5.0}}


def test_a_function_that_is_not_ready_says_why():
    told = row(STATUS | {"annotations": {"com.openfaas.status": "no node has room"}}, VERDICT)
    assert told["problem"] == "no node has room"


def test_a_function_that_may_sleep_has_no_least_replica():
    assert row(STATUS | {"labels": {"com.openfaas.scale.zero": "true"}}, None)["min"] == 0


def test_labels_that_cannot_be_read_leave_the_defaults_and_the_complaint():
    labels = {"com.openfaas.scale.target": "lots"}
    told = row(STATUS | {"labels": labels}, VERDICT | {"complaint": "lots is no number"})
    assert (told["carried"], told["complaint"]) == (5.0, "lots is no number")
