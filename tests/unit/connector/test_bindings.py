"""The record of what each function's queue is bound to."""

from faas.connector.bindings import both, replayed, surplus, unreplayed, wanted
from faas.connector.triggers import Trigger


def trigger(function: str, *topics: str) -> Trigger:
    return Trigger(function, frozenset(topics))


def test_a_new_function_has_everything_yet_to_be_replayed():
    record = wanted({}, [trigger("sync", "a", "b")])
    assert record == {"sync": {"a": False, "b": False}}
    assert {name: sorted(topics) for name, topics in unreplayed(record, ["sync"]).items()} == {"sync": ["a", "b"]}


def test_a_topic_added_later_is_the_only_one_to_be_replayed():
    record = wanted({"sync": {"a": True}}, [trigger("sync", "a", "b")])
    assert unreplayed(record, ["sync"]) == {"sync": ["b"]}


def test_a_topic_dropped_is_unbound():
    recorded = {"sync": {"a": True, "b": True}}
    assert surplus(recorded, wanted(recorded, [trigger("sync", "b")])) == [("sync", "a")]


def test_a_function_that_is_gone_keeps_its_bindings():
    recorded = {"sync": {"a": True}}
    assert wanted(recorded, []) == recorded
    assert surplus(recorded, wanted(recorded, [])) == []


def test_a_function_that_has_no_topic_any_more_loses_its_bindings():
    recorded = {"sync": {"a": True}}
    assert surplus(recorded, wanted(recorded, [trigger("sync")])) == [("sync", "a")]


def test_functions_that_never_had_a_topic_are_not_recorded():
    assert wanted({}, [trigger("get-book")]) == {}


def test_nothing_is_forgotten_before_it_is_unbound():
    assert both({"f": {"a": True}}, {"f": {"b": False}, "g": {}}) == {"f": {"a": True, "b": False}, "g": {}}


def test_a_function_whose_queue_did_not_start_is_replayed_to_later():
    assert unreplayed({"sync": {"a": False}}, []) == {}


def test_what_was_replayed_is_not_replayed_again():
    record = replayed({"sync": {"a": False, "b": False}}, {"sync": ["a"]})
    assert record == {"sync": {"a": True, "b": False}}
