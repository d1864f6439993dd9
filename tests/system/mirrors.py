"""Functions that tell what reached them, and what the gateway's agent and Prometheus know of their calls."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from tests.live import Stack
from tests.system.containers import containers_of, docker
from tests.system.openfaas import OpenFaas
from tests.system.waiting import eventually

IMAGE = "bookstore/tests-mirror:latest"
_READY = 30.0
_FETCH = "import sys, urllib.request as r; sys.stdout.write(r.urlopen(sys.argv[1], timeout=10).read().decode())"
_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


@contextmanager
def mirror(openfaas: OpenFaas, name: str, *, wait: bool = True, **more: Any) -> Iterator[str]:
    """A mirror that is deployed, by default also awake, and removed afterwards."""
    docker("build", "--quiet", "--tag", IMAGE, str(Path(__file__).with_name("mirror")))

    def deployed() -> bool:
        answer = openfaas.deploy(name, **{"image": IMAGE, "annotations": {}, **more})
        assert answer.status_code in (202, 503), answer.text
        return answer.status_code == 202 or name in openfaas.functions()

    try:
        # 503 asks for another try, unless it came too late for the function.
        eventually(deployed, within=_READY, what=f"the deployment of {name}")
        if wait:
            eventually(lambda: _is_awake(openfaas.call(name)), within=_READY, what=f"an answer of {name}")
        yield name
    finally:
        openfaas.remove(name)
        eventually(lambda: name not in openfaas.functions(), within=_READY, what=f"the removal of {name}")


def _is_awake(answer: requests.Response) -> bool:
    # The activator closes its connections, the gateway keeps them.
    return answer.ok and not Told(answer.json()).header("Connection")


class Connection:
    """A connection to a port of this machine on which requests go out as they are given."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> HTTPResponse:
        """Send a request with these headers, a Host and no others, and wait for the answer's head."""
        self._connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            self._connection.putheader(name, value)
        if body is not None:
            self._connection.putheader("Content-Length", str(len(body)))
        self._connection.endheaders(body)
        return self._connection.getresponse()

    def told(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> "Told":
        """Send a request to a mirror and return what reached it."""
        return Told(json.loads(self.send(method, path, headers).read()))


class Told:
    """What reached a mirror."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.method: str = document["method"]
        self.path: str = document["path"]
        self.length: int = document["length"]
        self._headers = [(name.lower(), value) for name, value in document["headers"]]

    def header(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for found, value in self._headers if found == name.lower()]


class Figures:
    """What the platform counts, read from inside the stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def get(self, name: str, **labels: str) -> float:
        """A sample on the gateway's own port; 0 while there is none."""
        wanted = {f'{key}="{value}"' for key, value in labels.items()} or {""}
        samples = _SAMPLE.findall(self._fetch("http://localhost:9101/metrics"))
        return sum(float(value) for found, given, value in samples if found == name and set(given.split(",")) == wanted)

    def ask(self, query: str) -> float:
        """The one value of a PromQL expression; 0 while there is none."""
        found = json.loads(self._fetch(f"http://prometheus:9090/api/v1/query?query={quote(query)}"))["data"]["result"]
        return float(found[0]["value"][1]) if found else 0.0

    def _fetch(self, url: str) -> str:
        (gateway,) = containers_of(f"{self._stack.name}_gateway")
        return docker("exec", gateway, "python", "-c", _FETCH, url)
