"""Who is signed in, and the calls made in that name.

The access token lives ten minutes. It is renewed before it runs out, or when the API refuses it; the shopper never
notices. Two tabs may do so at once: the API gives each its own successor.
"""

import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import current_app, g, request, session

from client.api import Answer, Api, ApiError, Call, Caller

RENEW_BEFORE = 30  # seconds
SHOWN_NAME = 60  # characters: the cookie has room for 4 KB in all


class SignInNeeded(Exception):
    """The page is for signed-in shoppers, and nobody is signed in (any more)."""


def user() -> dict[str, str] | None:
    """The signed-in shopper: `{id, name, email, role}`."""
    found: dict[str, str] | None = session.get("user")
    return found


def require_user() -> dict[str, str]:
    """The signed-in shopper; raises SignInNeeded when there is none."""
    found = user()
    if not found:
        raise SignInNeeded
    return found


def sign_in(tokens: dict[str, Any]) -> None:
    """Begin a new session from the API's answer to register or login; nothing of the old one is kept."""
    session.clear()
    session.permanent = True
    _keep(tokens)


def sign_out() -> None:
    """End the session here, and the refresh token's life at the API if it can be reached."""
    token = session.get("refresh", "")
    session.clear()
    if token:
        send_all([Call("POST", "/auth/logout", body={"refresh_token": token})])


def send(call: Call) -> Answer:
    """Make a call that anybody may make."""
    return _api().send(call, _caller())


def send_all(calls: Sequence[Call]) -> list[Answer | ApiError]:
    """Make calls that anybody may make, side by side."""
    return _api().send_all(calls, _caller())


def send_as_user(call: Call) -> Answer:
    """Make a call in the name of the signed-in shopper; raises SignInNeeded when that has ended."""
    require_user()
    if session["expires"] - RENEW_BEFORE < time.time():
        _renew()
    try:
        return send(replace(call, token=session["access"]))
    except ApiError as error:
        if error.status != 401:
            raise
    _renew()
    return send(replace(call, token=session["access"]))


def delete_as_user(path: str) -> None:
    """Delete something of the signed-in shopper's; what is gone already is deleted."""
    try:
        send_as_user(Call("DELETE", path))
    except ApiError as error:
        if error.status != 404:
            raise


def _renew() -> None:
    try:
        answer = send(Call("POST", "/auth/refresh", body={"refresh_token": session["refresh"]}))
    except ApiError as error:
        if error.status not in {400, 401, 403}:
            raise
        session.clear()
        raise SignInNeeded from error
    _keep(answer.body)


def _keep(tokens: dict[str, Any]) -> None:
    person = tokens["user"]
    session["user"] = {
        "id": person["id"],
        "name": person["name"][:SHOWN_NAME],
        "email": person["email"],
        "role": person["role"],
    }
    session["access"] = tokens["access_token"]
    session["refresh"] = tokens["refresh_token"]
    session["expires"] = int(time.time()) + int(tokens["expires_in"])


def _api() -> Api:
    found: Api = current_app.extensions["api"]
    return found


def _caller() -> Caller:
    return Caller(request.remote_addr or "", call_id(), signed_in=user() is not None)


def call_id() -> str:
    """The id of this request in the logs of all parts: the gateway's, or a new one."""
    if "call_id" not in g:
        g.call_id = request.headers.get("X-Call-Id") or str(uuid.uuid4())
    found: str = g.call_id
    return found
