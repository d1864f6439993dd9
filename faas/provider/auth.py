"""Basic authentication, refused as upstream refuses."""

import hmac

from aiohttp import encode_basic_auth, hdrs, web


class Credentials:
    """The one user of the API."""

    def __init__(self, user: str, password: str) -> None:
        """Both as they stand in the secrets."""
        self._expected = encode_basic_auth(user, password, "utf-8").encode()

    def admit(self, request: web.Request) -> bool:
        """Tell whether a request carries them, in a time that says nothing about how nearly."""
        given = request.headers.get(hdrs.AUTHORIZATION, "").encode(errors="surrogateescape")
        return hmac.compare_digest(given, self._expected)


def challenge() -> web.Response:
    """Answer a request without the right credentials."""
    return web.Response(
        status=401, text="invalid credentials", headers={hdrs.WWW_AUTHENTICATE: 'Basic realm="Restricted"'}
    )
