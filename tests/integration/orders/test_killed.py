"""A process that dies between its commit and its answer: whoever repeats the request gets what was committed."""

import os
import signal
import subprocess
import sys

import pytest

from tests.integration.orders.market import Market

# Dies as a power cut would, right after the first commit that wrote an order, a payment or a correction.
_PROGRAM = """
import os, signal, sys
import pymysql
from bookstore.database import connection
from tests.integration.orders.market import Market, card

commit, left = pymysql.connections.Connection.commit, int(sys.argv[2])

def commit_and_die(self):
    global left
    commit(self)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

pymysql.connections.Connection.commit = commit_and_die
market = Market(connection("orders"))
eval(sys.argv[1])
"""


def killed(act: str, *, after_commits: int = 1) -> None:
    """Do something in a process of its own that dies after so many commits."""
    ended = subprocess.run([sys.executable, "-c", _PROGRAM, act, str(after_commits)], env=os.environ, check=False)
    assert ended.returncode == -signal.SIGKILL


def test_an_order_that_was_committed_but_not_answered_is_answered_to_its_key(market: Market):
    market.supply("b1", 5)
    killed("market.order(('b1', 2), key='k')")
    assert (market.count("orders"), market.left("b1")) == (1, 3)
    order = market.order(("b1", 2), key="k")
    assert (market.count("orders"), market.left("b1")) == (1, 3)
    assert market.seen(order["id"]) == order


# A payment commits its attempt, the processor its charge by itself, and then comes the outcome.
@pytest.mark.parametrize("after_commits", [1, 2])
def test_a_payment_is_taken_once_wherever_it_died(market: Market, after_commits: int):
    market.supply("b1", 5)
    order_id = market.order(("b1", 1))["id"]
    killed(f"market.pay('{order_id}', key='k')", after_commits=after_commits)
    assert market.pay(order_id, key="k")["status"] == "paid"
    assert market.count("sandbox_charges") == 1


@pytest.mark.parametrize("after_commits", [1, 2])
def test_a_refund_goes_back_once_wherever_it_died(market: Market, after_commits: int):
    market.supply("b1", 5)
    order_id = market.paid(("b1", 3))
    killed(f"market.refund('{order_id}', ('b1', 1), key='k')", after_commits=after_commits)
    assert market.refund(order_id, ("b1", 1), key="k")["items"][0]["taken_back"] == 1
    assert market.count("sandbox_charges", "kind = 'refund'") == 1


def test_a_correction_counts_once(market: Market):
    market.supply("b1", 5)
    killed("market.correct('b1', -1, key='k')")
    assert market.correct("b1", -1, key="k") == 4
