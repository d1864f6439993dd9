"""The addresses that a shopper saved, so that nobody types one twice."""

from collections.abc import Mapping
from typing import Any

from client.api import Call
from client.forms.checkout import ADDRESS
from client.identity import send_as_user


def saved_addresses() -> list[dict[str, Any]]:
    """All of them, the newest first."""
    found: list[dict[str, Any]] = send_as_user(Call("GET", "/users/me/addresses")).body["items"]
    return found


def save_address(address: Mapping[str, str]) -> None:
    """Save an address, unless it is saved: a form that is sent twice saves it once. Raises ApiError when it cannot."""
    if not any(parts(entry) == address for entry in saved_addresses()):
        send_as_user(Call("POST", "/users/me/addresses", body=dict(address)))


def parts(entry: Mapping[str, Any]) -> dict[str, str]:
    """What of an address is written on a parcel."""
    return {name: entry[name] for name in ADDRESS if entry.get(name)}


def in_one_line(entry: Mapping[str, Any]) -> str:
    """An address, to tell it from the others."""
    return ", ".join(parts(entry).values())
