"""The one door to the provider: which functions there are, and how many replicas they get."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

_TIMEOUT = aiohttp.ClientTimeout(total=20)


class ProviderError(Exception):
    """The provider does not answer, or refuses."""


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

    async def scale(self, name: str, replicas: int) -> None:
        """Give a function this many replicas. Raises ProviderError with the provider's reason."""
        url, body = f"{self._url}/system/scale-function/{name}", {"serviceName": name, "replicas": replicas}
        try:
            async with self._http.post(url, json=body, timeout=_TIMEOUT) as response:
                if not response.ok:
                    raise ProviderError(f"{response.status}: {(await response.text())[:300]}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ProviderError(repr(error)) from error
