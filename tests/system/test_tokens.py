"""Nobody gets past a protected route without a token of the shop's own making."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.live import Stack
from tests.system.operations import Operation, operations
from tests.system.problems import problem
from tests.system.shop import Person, Shop

PROTECTED = [operation for operation in operations() if operation.protected]
Forger = Callable[[dict[str, Any], Stack], str]


def _signed(claims: dict[str, Any], stack: Stack) -> str:
    return jwt.encode(claims, stack.secret("jwt-private-key"), algorithm="EdDSA")


def _without(claim: str) -> Forger:
    return lambda claims, stack: _signed({key: value for key, value in claims.items() if key != claim}, stack)


def _with(**changed: Any) -> Forger:
    return lambda claims, stack: _signed({**claims, **changed}, stack)


FORGED: dict[str, Forger] = {
    "of another key": lambda claims, _: jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA"),
    "unsigned": lambda claims, _: jwt.encode(claims, "", algorithm="none"),
    "signed with the public key as a password": lambda claims, stack: _hmac_with_public_key(claims, stack),
    "with its end cut off": lambda claims, stack: _signed(claims, stack)[:-6],
    "with its role changed": lambda claims, stack: _swapped(claims, stack),
    "expired": _with(exp=int(time.time()) - 5),
    "for another audience": _with(aud="somebody-else"),
    "of another issuer": _with(iss="somebody-else"),
    "without an end": _without("exp"),
    "without a subject": _without("sub"),
}


def _claims(**more: Any) -> dict[str, Any]:
    now = int(time.time())
    who = {"sub": str(uuid.uuid4()), "name": "Mallory", "role": "admin", "jti": uuid.uuid4().hex}
    return {**who, "iss": "bookstore", "aud": "bookstore-api", "iat": now, "exp": now + 600, **more}


def _hmac_with_public_key(claims: dict[str, Any], stack: Stack) -> str:
    # PyJWT refuses to make such a token; an attacker's program does not.
    head = jwt.utils.base64url_encode(b'{"alg":"HS256","typ":"JWT"}')
    body = _signed(claims, stack).split(".")[1].encode()
    key = stack.secret("jwt-public-key").encode() + b"\n"
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(head + b"." + body, key)
    return b".".join((head, body, jwt.utils.base64url_encode(mac))).decode()


def _swapped(claims: dict[str, Any], stack: Stack) -> str:
    head, _, signature = _signed({**claims, "role": "user"}, stack).split(".")
    return ".".join((head, _signed(claims, stack).split(".")[1], signature))


def _refused(response: requests.Response) -> None:
    assert problem(response, 401).headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("operation", PROTECTED, ids=str)
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer not.a.token", "Basic YTpi", "\u00e9"])
def test_whoever_is_not_signed_in_is_told_so_before_anything_else(
    shop: Shop, operation: Operation, header: str | None
) -> None:
    method, path = operation.call
    headers = {"Content-Type": "text/plain", "Idempotency-Key": ""}
    if header is not None:
        headers["Authorization"] = header.encode("latin-1")  # type: ignore[assignment]
    _refused(shop.send(method, f"{path}?colour=red", headers=headers))


@pytest.mark.parametrize("forger", FORGED.values(), ids=FORGED)
def test_a_token_is_refused(shop: Shop, stack: Stack, forger: Forger) -> None:
    token = forger(_claims(), stack)
    for path in ("/users/me", "/users", "/orders?role=admin"):
        _refused(shop.send("GET", path, headers={"Authorization": f"Bearer {token}"}))


def test_a_token_made_with_the_shops_own_key_counts(shop: Shop, stack: Stack) -> None:
    token = _signed(_claims(), stack)
    assert shop.send("GET", "/users", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_ten_wrong_passwords_close_an_account_for_a_while(shop: Shop, stranger: Person) -> None:
    wrong = {"email": stranger.session["user"]["email"], "password": "a wrong pass phrase"}
    for _ in range(10):
        _refused(shop.send("POST", "/auth/login", wrong))
    closed = problem(shop.send("POST", "/auth/login", wrong), 429)
    assert 0 < int(closed.headers["Retry-After"]) <= 15 * 60
