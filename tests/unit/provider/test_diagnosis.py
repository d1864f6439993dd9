from datetime import UTC, datetime

import pytest

from faas.provider.bodies import read_body
from faas.provider.deployment import Deployment
from faas.provider.diagnosis import diagnose, is_hopeless, suspects
from faas.provider.functions import Function
from faas.provider.replicas import Replica

TODAY, BEFORE = {"Image": "sha256:e2"}, {"Image": "sha256:e1"}
NOW = datetime(2026, 1, 2, 3, 5, tzinfo=UTC)
DEPLOYMENT = (
    '{"service": "echo", "image": "echo:2", "limits": {"memory": "32Mi"}, "requests": {"memory": "64Gi", "cpu": "2"},'
    ' "constraints": ["node.role == worker"]}'
)


def function(replicas=1, **fields):
    return Function(
        service_id="1",
        service="shop_fn-echo",
        deployment=read_body(Deployment, DEPLOYMENT),
        replicas=replicas,
        created_at="2026-01-02T03:04:05Z",
        spec_digest="",
        container=TODAY,
        **fields,
    )


def replica(state, *, at=1, slot=1, container=TODAY, exit_code=None, problem=""):
    return Replica(
        id=f"{slot}-{at}",
        service_id="1",
        slot=slot,
        node_id="here",
        container_id="c",
        state=state,
        since=f"2026-01-02T03:04:{at:02}Z",
        running=state == "running",
        address=None,
        problem=problem,
        exit_code=exit_code,
        container=container,
    )


def crash(at, exit_code=1, **fields):
    return replica("failed", at=at, exit_code=exit_code, problem=f"task: non-zero exit ({exit_code})", **fields)


def why(*replicas, of=None, **known):
    found = diagnose(of or function(), replicas, **{"now": NOW, **known})
    return found.reason if found else None


@pytest.mark.parametrize(
    ("replicas", "reason"),
    [
        (
            [replica("pending", problem="no suitable node (insufficient resources on 1 node)")],
            "no node can take it: insufficient resources on 1 node; it asks for 64Gi, cpu 2, node.role == worker",
        ),
        (
            [replica("rejected", problem="No such image: sha256:e2")],
            "image echo:2 is not on the node, and no registry gives it: build it first",
        ),
        ([crash(1, exit_code=3)], "exited with code 3"),
        ([crash(1), crash(2), replica("starting", at=3)], "keeps exiting with code 1"),
        (
            [replica("complete", exit_code=0)],
            "ends by itself with code 0, but has to stay and listen on port 8080",
        ),
        (
            [replica("failed", exit_code=127, problem='starting container failed: exec: "nothing": not found')],
            'starting container failed: exec: "nothing": not found',
        ),
    ],
)
def test_what_went_wrong_is_said_in_words(replicas, reason):
    assert why(*replicas) == reason


@pytest.mark.parametrize("state", ["new", "pending", "assigned", "preparing", "starting"])
def test_a_replica_that_only_takes_its_time_is_no_problem(state):
    assert why(replica(state)) is None


def test_a_replica_that_was_told_to_stop_is_no_problem():
    assert why(replica("shutdown", at=1, exit_code=143), replica("starting", at=2)) is None


def test_nothing_is_wrong_with_a_function_whose_replica_runs_whatever_happened_before():
    assert why(crash(1), crash(2), replica("running", at=3)) is None


def test_a_replica_that_keeps_ending_is_not_well_in_the_moments_when_it_runs():
    tries = crash(1), crash(2), replica("running", at=3)
    assert why(*tries, now=NOW.replace(minute=4, second=4)) == "keeps exiting with code 1"
    assert why(*tries, now=NOW.replace(minute=4, second=6)) is None
    assert why(replica("running", at=3), now=NOW.replace(minute=4, second=4)) is None


def test_a_function_that_sleeps_is_not_unwell():
    assert why(crash(1), of=function(replicas=0)) is None


def test_some_replicas_that_run_are_counted_when_others_cannot():
    found = why(
        replica("running", slot=1), replica("pending", slot=2, problem="no suitable node (x)"), of=function(replicas=2)
    )
    assert found is not None
    assert found.startswith("1 of 2 replicas run: no node can take it: x")


def test_the_latest_problem_is_told():
    assert (
        why(crash(1), crash(5, exit_code=2), slot_two := crash(3, exit_code=9, slot=2)) == "keeps exiting with code 2"
    )
    assert slot_two.exit_code == 9


def test_an_earlier_version_does_not_speak_for_todays():
    assert why(crash(1, container=BEFORE), replica("starting", at=2)) is None


def test_a_replica_that_its_engine_killed_for_want_of_memory_says_so():
    killed = crash(1, exit_code=137)
    assert suspects([killed, crash(2), replica("running")]) == [killed]
    assert why(killed) == "exited with code 137"
    assert why(killed, out_of_memory={killed.id}) == "needs more memory than its limit of 32Mi, and is killed"


def test_a_replica_that_runs_and_does_not_answer_is_told_after_five_seconds():
    assert why(replica("running"), silent=4) is None
    assert why(replica("running"), silent=6) == "runs, but does not answer GET /_/health on port 8080"


def test_an_update_that_swarm_took_back_says_why_although_the_function_is_ready():
    found = diagnose(
        function(update_state="rollback_completed"), [crash(1, container=BEFORE), replica("running", at=2)], now=NOW
    )
    assert found is not None
    assert found.reason == "the last update was rolled back: exited with code 1"
    assert found.witness == crash(1, container=BEFORE)
    assert why(replica("running"), of=function(update_state="rollback_completed")) == (
        "the last update was rolled back: its replicas did not stay up"
    )


def hopeless(*replicas, **fields):
    lately = {"previous": "packed", "updated": NOW.timestamp() - 30, "update_state": "completed"}
    return is_hopeless(function(**{**lately, **fields}), replicas, now=NOW)


def test_an_update_that_keeps_ending_and_that_swarm_takes_for_good_is_hopeless():
    assert hopeless(crash(1), crash(2), replica("running", at=58))
    assert hopeless(crash(1), crash(2), replica("running", at=1, slot=2, container=BEFORE))


@pytest.mark.parametrize(
    ("replicas", "fields"),
    [
        ([crash(1)], {}),
        ([crash(1), crash(2), replica("running", at=3)], {}),
        ([crash(1, container=BEFORE), crash(2, container=BEFORE)], {}),
        ([crash(1), crash(2)], {"update_state": "updating"}),
        ([crash(1), crash(2)], {"update_state": "rollback_started"}),
        ([crash(1), crash(2)], {"updated": NOW.timestamp() - 61}),
        ([crash(1), crash(2)], {"previous": ""}),
    ],
)
def test_an_update_has_hope_while_something_else_may_be_the_matter(replicas, fields):
    assert not hopeless(*replicas, **fields)


def test_an_update_that_the_provider_took_back_says_why():
    assert why(replica("running"), of=function(taken_back="keeps exiting with code 1")) == (
        "the last update was rolled back: keeps exiting with code 1"
    )
