"""Clients that call without a break, and what became of every call."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import requests

_PATIENCE = 30.0
# Who has another machine to ask does not wait for long.
_IMPATIENCE = 5.0
_PAUSE = 0.02

Send = Callable[[requests.Session], requests.Response]


@dataclass
class Calls:
    """What clients of one kind met with."""

    took: list[float] = field(default_factory=list)
    """Seconds of each call that was answered with success."""
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        slow = [seconds for seconds in self.took if seconds > 1]
        longest = max(self.took, default=0)
        told = f"{len(self.took)} answered, {len(self.failures)} failed, {len(slow)} over 1 s, longest {longest:.1f} s"
        return told + "".join(f"; {failure}" for failure in self.failures[:3])


class Load:
    """Three kinds of clients of a function."""

    def __init__(self, function: str) -> None:
        self._path = f"/function/{function}"
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.repeatable = Calls()
        """GET, and POST under a key: the gateway may send them again."""
        self.once = Calls()
        """POST without a key: whether it was done is not known when its replica is gone."""
        self.moving = Calls()
        """Calls of clients that ask the next machine when one does not answer."""

    @contextmanager
    def on(self, steady: Sequence[str], changing: Sequence[str]) -> Iterator[None]:
        """Call at each of the `steady` gateways all the time; clients that move begin with the first `changing` one."""
        for gateway in steady:
            url = gateway + self._path
            self._begin(self.repeatable, partial(_get, url))
            self._begin(self.repeatable, partial(_post_under_a_key, url))
            self._begin(self.once, partial(_post, url))
        self._begin(self.moving, _Moving([gateway + self._path for gateway in changing]))
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def _begin(self, calls: Calls, send: Send) -> None:
        thread = threading.Thread(target=self._call, args=(calls, send))
        thread.start()
        self._threads.append(thread)

    def _call(self, calls: Calls, send: Send) -> None:
        with requests.Session() as http:
            while not self._stop.wait(_PAUSE):
                began = time.monotonic()
                try:
                    response = send(http)
                    problem = None if response.ok else f"{response.status_code} {response.text[:200]}"
                except requests.RequestException as error:
                    problem = repr(error)
                took = time.monotonic() - began
                if problem is None:
                    calls.took.append(took)
                else:
                    calls.failures.append(f"after {took:.1f} s: {problem}")


class _Moving:
    """Stays with the machine that answered last."""

    def __init__(self, urls: list[str]) -> None:
        self._urls = urls

    def __call__(self, http: requests.Session) -> requests.Response:
        for _ in self._urls[1:]:
            try:
                return http.get(self._urls[0], timeout=_IMPATIENCE)
            except requests.RequestException:
                self._urls.append(self._urls.pop(0))
        return http.get(self._urls[0], timeout=_IMPATIENCE)


def _get(url: str, http: requests.Session) -> requests.Response:
    return http.get(url, timeout=_PATIENCE)


def _post(url: str, http: requests.Session, **headers: str) -> requests.Response:
    return http.post(url, headers=headers, timeout=_PATIENCE)


def _post_under_a_key(url: str, http: requests.Session) -> requests.Response:
    return _post(url, http, **{"Idempotency-Key": str(uuid.uuid4())})
