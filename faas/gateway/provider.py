"""The one door to the provider: the long poll for the functions' state."""

from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import encode_basic_auth, hdrs

from faas.gateway.functions import State

_WAIT = 25
_MARGIN = 10


class Unreachable(Exception):
    """The provider did not answer, or not with a state."""


def credentials(secrets: Path) -> dict[str, str]:
    """Read those of the platform's API, as a header."""
    user, password = ((secrets / f"basic-auth-{part}").read_text().strip() for part in ("user", "password"))
    return {hdrs.AUTHORIZATION: encode_basic_auth(user, password)}


class Provider:
    """Asks for the functions, and confirms by the next question what has been applied."""

    def __init__(self, http: aiohttp.ClientSession, url: str, *, agent: str) -> None:
        """`http` carries the credentials."""
        self._http, self._url, self._agent = http, url, agent

    async def state(self, *, have: str, wait: float = _WAIT) -> State:
        """Return the state as soon as it differs from version `have`, or the same after `wait` seconds.

        To ask with a version confirms that it is applied. Raises Unreachable.
        """
        query = {"agent": self._agent, "have": have, "wait": str(wait)}
        try:
            return State.from_json(await self._get("/gateway/state", query, wait))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            raise Unreachable(f"{self._url}: {error!r}") from error

    async def _get(self, path: str, query: dict[str, str], wait: float) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=wait + _MARGIN, sock_connect=2)
        async with self._http.get(self._url + path, params=query, timeout=timeout) as response:
            response.raise_for_status()
            document: dict[str, Any] = await response.json()
            return document
