import itertools

import pytest

from faas.dashboard.autoscaler import Decisions
from faas.dashboard.journal import Journal, explain

STARTED = 1000.0


class Story:
    """A journal whose time a test sets."""

    def __init__(self):
        self.now = STARTED
        self.woken = set()
        self.journal = Journal(lambda: self.woken, clock=lambda: self.now)

    def at(self, now, **replicas):
        self.now = now
        self.journal.follow(replicas)
        return self

    def told(self, *decisions, since=0.0):
        changes = explain(self.journal.changes, Decisions(since, decisions), since=self.journal.since)
        return [(change["function"], change["from"], change["to"], change["cause"]) for change in changes]


def decision(at, before, after, function="echo", reason="load"):
    load = {"in_flight": 9.0, "queued": 0.0, "rps": 0.0}
    policy = {"kind": "capacity", "target": 4.0, "proportion": 1.0, "window": 30.0, "sleeps_after": 900.0}
    facts = {"at": at, "function": function, "from": before, "to": after}
    return facts | {"reason": reason, "recommended": after, "load": load, "policy": policy}


@pytest.fixture
def story():
    return Story().at(STARTED, echo=1)


def test_what_is_there_at_the_first_look_is_no_change(story):
    assert story.at(1001, echo=1).told() == []


def test_a_change_that_the_autoscaler_decided_has_its_reason(story):
    story.at(1010, echo=3)
    (change,) = explain(story.journal.changes, Decisions(0.0, (decision(1009, 1, 3),)), since=story.journal.since)
    assert (change["cause"], change["why"]) == ("autoscaler", "9 calls at once; a replica takes 4")


def test_a_change_that_nobody_else_decided_was_asked_for(story):
    assert story.at(1010, echo=3).told(decision(1009, 1, 2)) == [("echo", 1, 3, "request")]


def test_a_decision_of_long_ago_does_not_explain_a_change(story):
    assert story.at(1500, echo=3).told(decision(1100, 1, 3)) == [("echo", 1, 3, "request")]


def test_an_autoscaler_that_has_forgotten_leaves_a_change_unexplained(story):
    assert story.at(1010, echo=3).told(since=1200) == [("echo", 1, 3, "unknown")]


def test_a_function_that_a_call_woke_says_so(story):
    story.at(1010, echo=0)
    story.woken = {"echo"}
    assert story.at(1020, echo=1).told() == [("echo", 0, 1, "call"), ("echo", 1, 0, "request")]


def test_deployments_and_removals_are_changes(story):
    story.at(1010, echo=1, other=2).at(1020, other=2)
    assert story.told() == [("echo", 1, 0, "removed"), ("other", 0, 2, "deployed")]


def test_decisions_from_before_the_first_look_stand_for_themselves(story):
    assert story.told(decision(900, 1, 2)) == [("echo", 1, 2, "autoscaler")]


def test_a_decision_that_was_not_carried_out_is_no_change(story):
    assert story.told(decision(1010, 1, 2)) == []


def test_each_change_in_a_row_has_the_decision_of_its_own_time(story):
    story.at(1010, echo=2).at(1020, echo=1).at(1025, echo=2)
    decisions = (decision(1009, 1, 2), decision(1019, 2, 1, reason="window"), decision(1024, 1, 2, reason="maximum"))
    changes = explain(story.journal.changes, Decisions(0.0, decisions), since=story.journal.since)
    assert [change["why"].split()[0] for change in changes] == ["at", "no", "9"]


def test_old_changes_are_forgotten(story):
    for now, replicas in zip(range(1001, 1700), itertools.cycle((2, 1)), strict=False):
        story.at(now, echo=replicas)
    assert len(story.journal.changes) == 500
