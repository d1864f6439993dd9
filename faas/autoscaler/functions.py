"""The one door to the provider: which functions there are, and how many replicas they get."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

_TIMEOUT = aiohttp.ClientTimeout(total=20)


class ProviderError(Exception):
    """The provider does not answer, or refuses."""


class Superseded(ProviderError):
    """Somebody else scaled the function meanwhile."""


@dataclass(frozen=True)
class Function:
    """A deployed function."""

    name: str
    replicas: int
    """Desired ones."""
    labels: Mapping[str, str]


class Provider:
    """Lists and scales."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        """`http` carries the credentials."""
        self._http, self._url = http, url

    async def functions(self) -> list[Function]:
        """All of them. Raises ProviderError."""
        try:
            async with self._http.get(f"{self._url}/system/functions", timeout=_TIMEOUT) as response:
                response.raise_for_status()
                return [
                    Function(entry["name"], entry.get("replicas", 0), entry.get("labels") or {})
                    for entry in await response.json()
                ]
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            raise ProviderError(f"the functions cannot be listed: {error!r}") from error

    async def scale(self, function: Function, replicas: int) -> None:
        """Give a function this many replicas instead of those it has. Raises ProviderError with the provider's reason.

        Raises Superseded when it has others by now: what was decided from the old number must not undo that.
        """
        url = f"{self._url}/system/scale-function/{function.name}"
        body = {"serviceName": function.name, "replicas": replicas, "observed": function.replicas}
        try:
            async with self._http.post(url, json=body, timeout=_TIMEOUT) as response:
                if response.status == HTTPStatus.CONFLICT:
                    raise Superseded(await response.text())
                if not response.ok:
                    raise ProviderError(f"{response.status}: {(await response.text())[:300]}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ProviderError(repr(error)) from error
