"""The HTTP side: what the provider lists, and the calls of functions through the gateway."""

import asyncio
import json
import socket
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from faas.connector import metrics
from faas.connector.messages import Message
from faas.connector.retries import Answer
from faas.connector.settings import Settings
from faas.connector.signatures import signed

_LIST_SECONDS = 5
_CONNECT_SECONDS = 3
_DNS_SECONDS = 1
_SILENCE_SECONDS = 10
_REASON_BYTES = 2_000


def connections() -> aiohttp.TCPConnector:
    """Connections that notice when the other side is gone: on an overlay network nothing refuses what is sent there."""
    return aiohttp.TCPConnector(limit=0, ttl_dns_cache=_DNS_SECONDS, socket_factory=_attentive)


def _attentive(address: Any) -> socket.socket:
    family, kind, protocol, *_ = address
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        (socket.TCP_KEEPIDLE, _SILENCE_SECONDS // 2),
        (socket.TCP_KEEPINTVL, 1),
        (socket.TCP_USER_TIMEOUT, _SILENCE_SECONDS * 1000),
    ):
        made.setsockopt(socket.IPPROTO_TCP, option, value)
    return made


class Gateway:
    """Calls functions, at most `workers` at once, and lists them."""

    def __init__(self, session: aiohttp.ClientSession, settings: Settings) -> None:
        self._session = session
        self._settings = settings
        self._workers = asyncio.Semaphore(settings.workers)

    async def functions(self) -> list[dict[str, Any]]:
        """What runs at the moment, as `/system/functions` has it. Raises aiohttp.ClientError or TimeoutError."""
        auth = aiohttp.BasicAuth(self._settings.user, self._settings.password)
        timeout = aiohttp.ClientTimeout(_LIST_SECONDS, sock_connect=_CONNECT_SECONDS)
        url = f"{self._settings.provider_url}/system/functions"
        async with self._session.get(url, auth=auth, timeout=timeout, raise_for_status=True) as response:
            listed: list[dict[str, Any]] = await response.json()
            return listed

    async def deliver(self, function: str, message: Message) -> Answer:
        """Call a function with a message."""
        headers = {
            "Content-Type": message.content_type,
            "X-Connector": "rabbitmq",
            "X-Topic": message.topic,
            "X-Rabbitmq-Msg-Id": message.id,
            "X-Rabbitmq-Routing-Key": message.topic,
        }
        if isinstance(trace := message.headers.get("traceparent"), str):
            headers["traceparent"] = trace
        return await self._call(function, message.body, headers, event_id=message.id)

    async def tick(self, function: str, tick_id: str) -> Answer:
        """Call a function because it is time."""
        headers = {"Content-Type": "application/json", "X-Connector": "cron", "X-Topic": "cron-function"}
        return await self._call(function, b"{}", headers, event_id=tick_id)

    async def _call(self, function: str, body: bytes, headers: Mapping[str, str], *, event_id: str) -> Answer:
        with metrics.WAITING.track_inprogress():
            await self._workers.acquire()
        try:
            proof = signed(body, event_id=event_id, at=int(time.time()), key=self._settings.signing_key)
            return await self._post(function, body, {**headers, "X-Call-Id": str(uuid.uuid4()), **proof})
        # ValueError: a header that cannot be sent, out of a foreign publisher's message.
        except (aiohttp.ClientError, TimeoutError) as error:
            return Answer(None, f"{type(error).__name__} {error}".strip())
        except ValueError as error:
            return Answer(400, f"cannot be sent: {error}")
        finally:
            self._workers.release()

    async def _post(self, function: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        url = f"{self._settings.gateway_url}/function/{function}"
        timeout = aiohttp.ClientTimeout(self._settings.call_timeout, sock_connect=_CONNECT_SECONDS)
        async with self._session.post(
            url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            answered = await response.content.read(_REASON_BYTES)
            retry_after = response.headers.get("Retry-After")
            return Answer(response.status, reason(answered), seconds_until(retry_after, datetime.now(UTC)))


def reason(body: bytes) -> str:
    """What an answer says went wrong: the detail of a problem+json, or its beginning."""
    text = body.decode(errors="replace")
    try:
        problem = json.loads(text)
        return str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        return text.strip()


def seconds_until(retry_after: str | None, now: datetime) -> float | None:
    """Read `Retry-After`, seconds or a date; None when there is none or it cannot be read."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - now).total_seconds())
    except (ValueError, TypeError):
        return None
