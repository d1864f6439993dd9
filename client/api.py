"""The one door to the bookstore's API: HTTP out, dictionaries or `ApiError` back."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

T = TypeVar("T")

CONNECT_SECONDS = 2.0
READ_SECONDS = 8.0
WRITE_SECONDS = 25.0
NOT_REACHED = "The bookstore does not answer at the moment."
# A call that was never sent may always be repeated; one that was, only when it changes nothing.
_RETRIES = Retry(
    total=2,
    backoff_factor=0.1,
    allowed_methods={"GET"},
    status_forcelist={502, 503, 504},
    raise_on_status=False,
    respect_retry_after_header=False,
)


class ApiError(Exception):
    """The API refused a call; `str(error)` is meant for the person who reads it.

    `fields` maps the API's field names to messages; `retry_after` is in seconds.
    """

    def __init__(
        self, status: int, detail: str, fields: Mapping[str, str] | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.fields = dict(fields or {})
        self.retry_after = retry_after

    @property
    def is_open(self) -> bool:
        """Whether the call may have taken effect, or may still: only the same call again will tell."""
        return self.status >= 500 or self.retry_after is not None


def at(*parts: str) -> str:
    """The path to something in the API; a part that came from a browser cannot reach anything else."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


@dataclass(frozen=True)
class Caller:
    """For whom a call is made: the shopper's address, and the id under which the logs of all parts show it.

    Who is signed in may have changed what is shown, and is not given what the gateway keeps for everybody.
    """

    address: str
    call_id: str
    signed_in: bool = False


@dataclass(frozen=True)
class Call:
    """One call of the API, without the base URL and the caller.

    A `fresh` answer is not one that the gateway keeps for everybody: what is bought must be as it is now.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    token: str = ""
    if_match: str = ""
    key: str = ""
    fresh: bool = False

    def headers(self, caller: Caller) -> dict[str, str]:
        """The call's headers; empty ones are left out."""
        headers = {
            "Authorization": f"Bearer {self.token}" if self.token else "",
            "If-Match": self.if_match,
            "Idempotency-Key": self.key,
            "Cache-Control": "no-cache" if self.fresh or caller.signed_in else "",
            "X-Forwarded-For": caller.address,
            "X-Call-Id": caller.call_id,
        }
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True)
class Answer:
    """A successful answer: the JSON body and the version that it shows."""

    body: Any
    etag: str = ""


class Api(Protocol):
    """What the views need of the API; `HttpApi` is the real one."""

    def send(self, call: Call, caller: Caller) -> Answer:
        """Make the call; raise ApiError for every other answer than success."""

    def send_all(self, calls: Sequence[Call], caller: Caller) -> list[Answer | ApiError]:
        """Make the calls side by side; the answers come in the order of the calls."""


class HttpApi:
    """The API over HTTP. Safe to use from several threads: each keeps its own connections."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._local = threading.local()
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="api")

    def send(self, call: Call, caller: Caller) -> Answer:
        """Make the call; raise ApiError for every other answer than success."""
        try:
            response = self._session().request(
                call.method,
                self._base_url + call.path,
                params=dict(call.query),
                json=call.body,
                headers=call.headers(caller),
                timeout=(CONNECT_SECONDS, READ_SECONDS if call.method == "GET" else WRITE_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise ApiError(503, NOT_REACHED) from error
        return _answer(response)

    def send_all(self, calls: Sequence[Call], caller: Caller) -> list[Answer | ApiError]:
        """Make the calls side by side; the answers come in the order of the calls."""
        return list(self._pool.map(_settled(lambda call: self.send(call, caller)), calls))

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            session = requests.Session()
            session.trust_env = False  # The gateway is next door: a proxy of the host's must not see tokens.
            session.mount("http://", HTTPAdapter(max_retries=_RETRIES))
            session.mount("https://", HTTPAdapter(max_retries=_RETRIES))
            self._local.session = session
        found: requests.Session = self._local.session
        return found


def _settled(work: Callable[[Call], Answer]) -> Callable[[Call], Answer | ApiError]:
    def settle(call: Call) -> Answer | ApiError:
        try:
            return work(call)
        except ApiError as error:
            return error

    return settle


def _answer(response: requests.Response) -> Answer:
    if response.status_code in {200, 201, 202, 204}:
        try:
            return Answer(response.json() if response.content else None, response.headers.get("ETag", ""))
        except requests.JSONDecodeError as error:
            raise ApiError(502, NOT_REACHED) from error
    raise _problem(response)


def _problem(response: requests.Response) -> ApiError:
    """The error that an RFC 9457 answer tells of; anything else becomes one without details."""
    try:
        problem = response.json()
    except requests.JSONDecodeError:
        problem = None
    if not isinstance(problem, dict):
        problem = {}
    waits = response.headers.get("Retry-After", "")
    return ApiError(
        response.status_code,
        str(problem.get("detail") or problem.get("title") or NOT_REACHED),
        {str(entry["field"]): str(entry["message"]) for entry in problem.get("errors") or []},
        int(waits) if waits.isdigit() else None,
    )
