"""A state with every feature once, and what the provider says for it."""

from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

from faas.gateway.configuration import Surroundings
from faas.gateway.functions import Function, Route, State
from faas.gateway.settings import Settings

GOLDEN = Path(__file__).parent / "golden"
GOLDEN_UPSTREAM = Path(__file__).parent / "golden-upstream.diff"
"""The lines that make the configuration one with upstream's gateway in the path."""
SETTINGS = Settings()
UPSTREAM_SETTINGS = replace(SETTINGS, upstream="upstream")
SURROUNDINGS = Surroundings((IPv4Network("10.0.1.0/24"),))

GET_BOOK = Function(
    "get-book",
    "shop_fn-get-book",
    (Route("GET", "/api/books/{id}"),),
    ready_path="/_/ready",
)
LOGIN = Function("login", "shop_fn-login", (Route("POST", "/api/auth/login"),), rate_limit=120, max_body=2048)
PAY = Function(
    "pay",
    "shop_fn-pay",
    (Route("POST", "/api/orders/{id}/pay"),),
    max_inflight=3,
    exec_timeout=45.5,
    idempotency_key=True,
    max_replicas=40,
)
REMOVE = Function("remove-book", "shop_fn-remove-book", (Route("DELETE", "/api/books/{id}"),), cold=True, asleep=True)
STATE = State("7.1", (GET_BOOK, LOGIN, PAY, REMOVE))

ENTRY = {
    "name": "echo",
    "service": "shop_fn-echo",
    "routes": [{"method": "GET", "path": "/api/echo/{id}"}],
    "max_inflight": 8,
    "exec_timeout": 30.0,
    "ready_path": "/_/ready",
    "idempotency_key": True,
    "rate_limit": None,
    "max_body": None,
    "cold": False,
    "asleep": False,
    "max_replicas": 20,
}
