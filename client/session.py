"""The session: a cookie that only the shop can read, because it holds the shopper's tokens."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import Flask, request
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature


class Sealed:
    """Turns values into sealed text and back; takes the place of Flask's readable, merely signed cookie."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._json = TaggedJSONSerializer()

    def dumps(self, value: Any) -> str:
        """Seal a value."""
        return self._fernet.encrypt(self._json.dumps(value).encode()).decode()

    def loads(self, text: str, max_age: int) -> Any:
        """Open a sealed value; raise BadSignature when it is not ours or older than `max_age` seconds."""
        try:
            return self._json.loads(self._fernet.decrypt(text, ttl=max_age).decode())
        except (InvalidToken, ValueError) as error:
            raise BadSignature("The cookie was not sealed here, or long ago.") from error


class SealedSessions(SecureCookieSessionInterface):
    """Flask's cookie session with the content sealed, and `Secure` whenever the shopper came by https."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._sealed = Sealed(keys)

    def get_signing_serializer(self, app: Flask) -> Any:  # noqa: ARG002 (Flask's signature)
        """The serializer that Flask opens and saves the cookie with."""
        return self._sealed

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        """Whether the cookie may travel under https only."""
        return request.is_secure
