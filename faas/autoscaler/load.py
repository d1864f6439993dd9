"""The one door to the gateways: what each of them has to do."""

import asyncio
import socket

import aiohttp

from faas.autoscaler.history import Look, Sample

PORT = 9101
_TIMEOUT = aiohttp.ClientTimeout(total=2)


class Blind(Exception):
    """The load cannot be seen; whatever runs must be kept."""


class Gateways:
    """All gateways of the stack, as its DNS tells them."""

    def __init__(self, http: aiohttp.ClientSession, host: str) -> None:
        """`host` resolves to every gateway's address."""
        self._http, self._host = http, host

    async def look(self) -> dict[str, Look]:
        """Return the figures by gateway. Raises Blind when there is none or one of them does not answer."""
        addresses = await self._addresses()
        looks = await asyncio.gather(*(self._look(address) for address in addresses))
        return dict(zip(addresses, looks, strict=True))

    async def _addresses(self) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self._host, PORT, family=socket.AF_INET, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Blind(f"no gateway is known: {error}") from error
        return sorted({str(address[0]) for *_, address in found})

    async def _look(self, address: str) -> Look:
        try:
            async with self._http.get(f"http://{address}:{PORT}/load", timeout=_TIMEOUT) as response:
                response.raise_for_status()
                told = await response.json()
            samples = {
                name: Sample(load["in_flight"], load["queued"], load["requests_total"])
                for name, load in told["functions"].items()
            }
            return Look(told["at"], samples)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            raise Blind(f"gateway {address} does not tell its load: {error!r}") from error
