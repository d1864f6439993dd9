"""The shop's public API, as whoever works at this machine calls it."""

from collections.abc import Mapping
from typing import Any

import requests

from deploy.errors import DeployError

_TIMEOUT = 15


class Api:
    """The public API, as one signed-in user; every unexpected answer fails with what it says."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/api"
        self._session = requests.Session()
        self._who: dict[str, str] = {}

    def sign_in(self, email: str, password: str) -> int:
        """Sign in and return the status."""
        self._who = {"email": email, "password": password}
        answer = self._send("POST", "/auth/login", self._who)
        if answer.ok:
            self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer.status_code

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call and return the answer's JSON; raise DeployError for an error status. A body of bytes goes as it is."""
        answer = self.answer(method, path, body, **headers)
        return answer.json() if answer.content else None

    def answer(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Call and return the whole answer; raise DeployError for an error status."""
        answer = self._send(method, path, body, headers)
        if answer.status_code == 401 and self._who:
            # What takes longer than a token lasts signs in again.
            self.sign_in(**self._who)
            answer = self._send(method, path, body, headers)
        if not answer.ok:
            raise DeployError(
                f"{method} /api{path} answered {answer.status_code}: {answer.text[:300]}. See `make logs`."
            )
        return answer

    def _send(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        try:
            return self._session.request(method, self._url + path, headers=headers, timeout=_TIMEOUT, **sent)
        except requests.RequestException as error:
            raise DeployError(f"{method} /api{path} got no answer ({error}). Run `make status`.") from error
