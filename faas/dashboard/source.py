"""Where figures come from: a neighbor that is asked over HTTP, and may not answer."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import hdrs

_TIMEOUT = aiohttp.ClientTimeout(total=2)


class Unknown(Exception):
    """A figure cannot be told; the text says why, for the person who misses it."""


class Source:
    """One neighbor, under the name that people know it by."""

    def __init__(self, http: aiohttp.ClientSession, name: str, url: str) -> None:
        """`url` has no path."""
        self._http, self._name, self._url = http, name, url

    async def read_json(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """Return the document that it answers. Raises Unknown."""
        try:
            return json.loads(await self.read(path, query))
        except ValueError as error:
            raise Unknown(f"{self._name} answers in an unknown form") from error

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        """Return what it answers. Raises Unknown."""
        # The session passes calls on and hence leaves bodies packed.
        headers = {hdrs.ACCEPT_ENCODING: "identity"}
        try:
            async with self._http.get(self._url + path, params=query, headers=headers, timeout=_TIMEOUT) as response:
                body = await response.read()
        except TimeoutError:
            raise Unknown(f"{self._name} does not answer in time") from None
        except aiohttp.ClientError as error:
            raise Unknown(f"{self._name} cannot be reached") from error
        if not response.ok:
            raise Unknown(f"{self._name} answers {response.status}")
        return body
