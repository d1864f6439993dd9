"""What shoppers and sellers type: kept as it was typed, with a message for each field that is wrong."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from client.api import ApiError

T = TypeVar("T")


class Form:
    """The typed values and the messages, both by field name; the message under "" is about the whole form."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = {name: value for name, value in (values or {}).items() if name != "csrf_token"}
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        """A field's value without the space around it; "" when it was not sent."""
        return self.values.get(name, "").strip()

    def prose(self, name: str) -> str:
        """A long text as it was typed, its lines ended as the API ends them; "" when there is nothing to read in it."""
        return self.values[name].replace("\r\n", "\n") if self.text(name) else ""

    def fail(self, name: str, message: str) -> None:
        """Say what is wrong with a field; the first message stays."""
        self.errors.setdefault(name, message)

    def require(self, messages: Mapping[str, str]) -> None:
        """Say the message for each of these fields that was left empty."""
        for name, message in messages.items():
            if not self.text(name):
                self.fail(name, message)

    def read(self, name: str, parse: Callable[[str], T]) -> T | None:
        """A field's value as `parse` understands it, or None with its ValueError as the field's message."""
        try:
            return parse(self.text(name))
        except ValueError as error:
            self.fail(name, str(error))
            return None

    def take(self, error: ApiError, names: Mapping[str, str] | None = None) -> None:
        """Show the API's messages at the fields they are about; `names` says where ours are called otherwise."""
        for path, message in error.fields.items():
            self.fail(_field_for(path, names or {}, self.values), _sentence(message))
        if not self.errors:
            self.fail("", str(error))


def _field_for(path: str, names: Mapping[str, str], values: Mapping[str, str]) -> str:
    """The form's field for `delivery.address.city` or `subjects[2]`: as named, or by its last part, or by its first."""
    parts = re.sub(r"\[\d+\]", "", path).split(".")
    candidates = [names.get(path, ""), parts[-1], names.get(parts[0], ""), parts[0]]
    return next((name for name in candidates if name in values), "")


def _sentence(message: str) -> str:
    """Make a sentence of `must not be blank`."""
    about_the_field = message.startswith(("must ", "is ", "has ", "can"))
    whole = f"This {message}" if about_the_field else message[:1].upper() + message[1:]
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."
