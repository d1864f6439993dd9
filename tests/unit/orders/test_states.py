"""The table of states, walked without a database: every action in every state an order can be in."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bookstore.errors import Conflict
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


# Status, part, action: all that is possible with an order of one part, and what comes of it.
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


@pytest.mark.parametrize(("state", "action"), list(product(sorted(REACHED), MOVES)))
def test_every_action_in_every_state_does_what_this_table_says(state: tuple[str, str], action: str):
    assert outcome(order(*state), action) == POSSIBLE.get((*state, action))


def test_a_walk_of_all_actions_comes_to_these_states_and_no_others():
    found, ahead = set(), [("pending", "open")]
    while ahead:
        state = ahead.pop()
        found.add(state)
        for action, move in MOVES.items():
            to = outcome(order(*state), action)
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


@pytest.mark.parametrize(
    ("parts", "action", "to"),
    [
        (("open", "open"), "ship", "shipped"),
        (("open", "shipped"), "ship", "shipped"),
        (("open", "shipped"), "refund", "shipped"),
        (("open", "returned"), "refund", "shipped"),
        (("open", "refunded"), "refund", "cancelled"),
        (("open", "refunded"), "cancel", "cancelled"),
        (("open", "shipped"), "cancel", None),
        (("open", "returned"), "cancel", None),
    ],
)
def test_an_order_of_several_parts_follows_them(parts: tuple[str, ...], action: str, to: str | None):
    assert outcome(order("paid", *parts), action) == to


@pytest.mark.parametrize("action", ["ship", "refund"])
def test_a_paid_order_waits_for_its_last_open_part(action: str):
    given = order("paid", "open", "open")
    assert following(given, action, movable_parts(given, action, "0")) == "paid"
