"""The table of states, walked without a database: every action in every state an order can be in."""

from datetime import UTC, datetime
from itertools import product
from typing import get_args, get_type_hints

import pytest

from bookstore.errors import Conflict
from bookstore.orders import attempts
from bookstore.orders.processor import Outcome
from bookstore.orders.records import Order, Shipment
from bookstore.orders.states import MOVES, following, movable_parts, require

AT = datetime(2026, 1, 2, tzinfo=UTC)


def order(status: str, *parts: str, open_attempt: str | None = None) -> Order:
    """An order whose parts are of sellers "0", "1" …; one that is `returned` was refunded after it was shipped."""
    shipments = [
        Shipment(
            str(number),
            "refunded" if part == "returned" else part,
            AT,
            shipped_at=AT if part in {"shipped", "returned"} else None,
        )
        for number, part in enumerate(parts)
    ]
    return Order(
        *("o1", "ann", "Ann", status, "pickup", None, 0, "USD", AT, AT, [], shipments, []), open_attempt=open_attempt
    )


def outcome(given: Order, action: str) -> str | None:
    """What an action on all parts of an order makes of it, or None when it is refused."""
    try:
        require(given, action)
        return following(given, action, movable_parts(given, action) if MOVES[action].parts else [])
    except Conflict:
        return None


# What changes no state is possible with these parts of a paid or shipped order.
LOOPS = {"track": {"shipped"}, "goodwill": {"open", "shipped"}}
# Status, part, action: all else that is possible with an order of one part, and what comes of it.
POSSIBLE = {
    ("pending", "open", "pay"): "paid",
    ("pending", "open", "cancel"): "cancelled",
    ("pending", "open", "expire"): "expired",
    ("paid", "open", "ship"): "shipped",
    ("paid", "open", "refund"): "cancelled",
    ("paid", "open", "cancel"): "cancelled",
    ("shipped", "shipped", "refund"): "shipped",
}
# The states that an order of one part can be in.
REACHED = {
    *(("pending", "open"), ("paid", "open"), ("shipped", "shipped"), ("shipped", "returned")),
    *(("cancelled", "cancelled"), ("cancelled", "refunded"), ("expired", "cancelled")),
}


@pytest.mark.parametrize(("state", "action"), list(product(sorted(REACHED), sorted(MOVES.keys() - LOOPS))))
def test_every_action_in_every_state_does_what_this_table_says(state: tuple[str, str], action: str):
    assert outcome(order(*state), action) == POSSIBLE.get((*state, action))


def test_a_walk_of_all_actions_comes_to_these_states_and_no_others():
    found, ahead = set(), [("pending", "open")]
    while ahead:
        state = ahead.pop()
        found.add(state)
        for action in sorted(MOVES.keys() - LOOPS):
            move, to = MOVES[action], outcome(order(*state), action)
            part = move.part or state[1]
            after = (to or "", "returned" if state[1] == "shipped" and part == "refunded" else part)
            if to and after not in found:
                ahead.append(after)
    assert found == REACHED


@pytest.mark.parametrize(("state", "action"), list(product(sorted(REACHED), MOVES)))
def test_nothing_is_possible_while_an_attempt_is_open(state: tuple[str, str], action: str):
    with pytest.raises(Conflict) as refused:
        require(order(*state, open_attempt="a1"), action)
    assert refused.value.headers == {"Retry-After": "1"}


# The same for two sellers, "a" and "b": of an order, its parts, and who acts (nobody named: for all parts), in short.
# What is the same with the sellers exchanged is left out.
OF_TWO = {
    "pending open open": {
        "pay": "paid open open",
        "cancel": "cancelled cancelled cancelled",
        "expire": "expired cancelled cancelled",
    },
    "paid open open": {
        "ship a": "paid shipped open",
        "ship": "shipped shipped shipped",
        "refund a": "paid refunded open",
        "refund": "cancelled refunded refunded",
        "cancel": "cancelled cancelled cancelled",
    },
    "paid shipped open": {
        "ship b": "shipped shipped shipped",
        "ship": "shipped shipped shipped",
        "refund a": "paid returned open",
        "refund b": "shipped shipped refunded",
        "refund": "shipped returned refunded",
    },
    "paid refunded open": {
        "ship b": "shipped refunded shipped",
        "ship": "shipped refunded shipped",
        "refund b": "cancelled refunded refunded",
        "refund": "cancelled refunded refunded",
        "cancel": "cancelled refunded cancelled",
    },
    "paid returned open": {
        "ship b": "shipped returned shipped",
        "ship": "shipped returned shipped",
        "refund b": "shipped returned refunded",
        "refund": "shipped returned refunded",
    },
    "shipped shipped shipped": {"refund a": "shipped returned shipped", "refund": "shipped returned returned"},
    "shipped shipped refunded": {"refund a": "shipped returned refunded", "refund": "shipped returned refunded"},
    "shipped shipped returned": {"refund a": "shipped returned returned", "refund": "shipped returned returned"},
}
State = tuple[str, ...]
Edge = tuple[State, str, str]


def mirrored(text: str) -> str:
    """The same with the sellers exchanged."""
    word, *others = text.split()
    return " ".join([word, *({"a": "b", "b": "a"}.get(other, other) for other in reversed(others))])


def step(state: State, action: str, seller: str) -> State | None:
    """The state that an action for a seller, or for all, leads to; None when it is refused."""
    given, move = order(*state), MOVES[action]
    try:
        require(given, action)
        moved = movable_parts(given, action, seller or None) if move.parts else []
    except Conflict:
        return None
    after = {"shipped": "returned"} if move.part == "refunded" else {}
    parts = (
        after.get(part, move.part) if str(number) in moved and action not in LOOPS else part
        for number, part in enumerate(state[1:])
    )
    return following(given, action, moved), *parts


def walk() -> tuple[set[State], dict[Edge, State]]:
    """All states that an order of two sellers can come to, and every way between them, breadth first."""
    found, ways, ahead = set[State](), dict[Edge, State](), [("pending", "open", "open")]
    for state in ahead:
        found.add(state)
        for action, move in MOVES.items():
            for seller in [""] if move.order else ["", "0", "1"]:
                to = step(state, action, seller)
                if to:
                    ways[state, action, seller] = to
                if to and to not in {*found, *ahead}:
                    ahead.append(to)
    return found, ways


def test_a_walk_of_two_sellers_goes_the_ways_of_this_table_and_no_others():
    said = {
        (turned(state), turned(act)): turned(to)
        for state, acts in OF_TWO.items()
        for act, to in acts.items()
        for turned in (str, mirrored)
    }
    found, ways = walk()
    went = {
        (" ".join(state), f"{action} {'ab'[int(seller)] if seller else ''}".strip()): " ".join(to)
        for (state, action, seller), to in ways.items()
        if action not in LOOPS
    }
    assert went == said
    assert (len(found), len(went)) == (21, 49)


def test_what_changes_no_state_is_possible_with_the_parts_of_this_table_and_no_others():
    found, ways = walk()
    for state, action, seller in product(found, LOOPS, ("0", "1")):
        fits = state[0] in {"paid", "shipped"} and state[1 + int(seller)] in LOOPS[action]
        assert ways.get((state, action, seller)) == (state if fits else None)


def test_an_attempt_ends_once_as_its_processor_said():
    ends = frozenset(get_args(get_type_hints(Outcome)["status"]))
    assert {"open": ends, **dict.fromkeys(ends, frozenset())} == attempts.STATES
