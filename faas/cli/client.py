"""The gateway over HTTP: the only door to it."""

import json
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from faas.cli import VERSION
from faas.cli.config import authorization
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags
from faas.cli.go_json import go_json
from faas.cli.output import say

Answer = requests.Response

DEFAULT_GATEWAY = "http://127.0.0.1:8080"
UNAUTHORIZED = 'unauthorized access, run "faas-cli login" to setup authentication for this server'
NOT_ENCRYPTED = "WARNING! You are not using an encrypted connection to the gateway, consider using HTTPS."
TIMEOUT_SECONDS = 60.0


class Unreachable(CliError):
    """Nothing came back from a gateway, for this reason."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"cannot connect to OpenFaaS on URL: {url}")
        self.reason = reason


class Connection:
    """Connections to one server, past any proxy when it is on this machine."""

    def __init__(
        self, url: str, *, authorization: str = "", verify: bool = True, timeout: float | None = TIMEOUT_SECONDS
    ) -> None:
        self.url, self._authorization, self._timeout = url, authorization, timeout
        self._session = requests.Session()
        self._session.trust_env = not re.fullmatch(r"localhost|127\.[\d.]+|::1", urlsplit(url).hostname or "")
        self._session.verify = verify
        self._session.headers["User-Agent"] = f"faas-cli/{VERSION}"
        # As a callable, because requests would replace a header with what it finds in ~/.netrc.
        self._session.auth = self._authorize

    def send(
        self,
        method: str,
        path: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        follow: bool = False,
        stream: bool = False,
    ) -> Answer:
        """Send a request, and return whatever status came back; redirects only when told to `follow` them.

        Raises Unreachable when nothing came back.
        """
        try:
            return self._session.request(
                method,
                self.url + path,
                params=query,
                headers=headers,
                data=body,
                timeout=self._timeout,
                allow_redirects=follow,
                stream=stream,
            )
        except requests.RequestException as error:
            raise Unreachable(self.url, _reason(error)) from error

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._authorization:
            request.headers["Authorization"] = self._authorization
        return request


class Gateway:
    """The gateway's API, as the user who is logged in there."""

    def __init__(self, url: str, flags: GatewayFlags, timeout: float | None = TIMEOUT_SECONDS) -> None:
        self.url = url
        self._connection = Connection(
            url, authorization=authorization(url, flags.token), verify=not flags.tls_no_verify, timeout=timeout
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        stream: bool = False,
    ) -> Answer:
        """Send a request; parts of the query that are empty are left out. Raises Unreachable."""
        return self._connection.send(
            method,
            path,
            query={name: value for name, value in sorted((query or {}).items()) if value},
            headers={} if body is None else {"Content-Type": "application/json"},
            body=None if body is None else go_json(body).encode(),
            stream=stream,
        )

    def functions(self, namespace: str = "") -> list[dict[str, Any]]:
        """Every function's status, as the gateway gives it."""
        return list(self.document("/system/functions", {"namespace": namespace}) or [])

    def function(self, name: str, namespace: str = "") -> dict[str, Any]:
        """One function's status with its usage. Raises CliError when there is none."""
        answer = self.call("GET", f"/system/function/{name}", query={"namespace": namespace, "usage": "1"})
        if answer.status_code == 404:
            raise CliError(f"no such function: {name}")
        return dict(self._decoded(answer))

    def document(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """What a GET answers, decoded. Raises CliError for a status other than 200, and for what is no JSON."""
        return self._decoded(self.call("GET", path, query=query))

    def _decoded(self, answer: Answer) -> Any:
        if answer.status_code != 200:
            raise unexpected(answer)
        try:
            return json.loads(answer.content)
        except ValueError as error:
            raise CliError(f"cannot parse result from OpenFaaS on URL: {self.url}\n{error}") from error


def gateway_url(flag: str, stack_file: str = "") -> str:
    """The gateway to use: the flag's, the stack file's, $OPENFAAS_URL's; the default value overrides none of them."""
    given = next((url for url in (flag, stack_file) if url not in ("", DEFAULT_GATEWAY)), "")
    url = (given or os.environ.get("OPENFAAS_URL") or DEFAULT_GATEWAY).rstrip("/").lower()
    return url if url.startswith("http") else f"http://{url}"


def warn_unless_encrypted(url: str, flags: GatewayFlags) -> None:
    """Say so when credentials leave this machine in the clear."""
    safe = ("https", "http://127.0.0.1", "http://localhost")
    if not flags.tls_no_verify and not url.startswith(safe):
        say(NOT_ENCRYPTED)


def content(answer: Answer) -> str:
    """The body as text."""
    return answer.content.decode(errors="replace")


def unexpected(answer: Answer) -> CliError:
    """What to tell the user about a status that a verb has no use for."""
    if answer.status_code == 401:
        return CliError(UNAUTHORIZED)
    return CliError(f"server returned unexpected status code: {answer.status_code} - {content(answer)}")


def _reason(error: BaseException) -> str:
    """What the system said at the bottom of it."""
    while error.__context__ is not None:
        error = error.__context__
    return (getattr(error, "strerror", None) or str(error)).lower()
