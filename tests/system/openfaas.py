"""The OpenFaaS gateway as its operator uses it."""

import base64
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.system.containers import run_inside

# Any function will do whose image is on the node and that needs no secret.
IMAGE = "bookstore/api-docs:latest"


def deployment(name: str, **more: Any) -> dict[str, Any]:
    """A small function that answers every call with 200."""
    return {
        "service": name,
        "image": IMAGE,
        "annotations": {"com.openfaas.ready.http.path": "/_/ready"},
        "readOnlyRootFilesystem": True,
        **more,
    }


@dataclass(frozen=True)
class OpenFaas:
    """The gateway's REST API."""

    url: str
    user: str
    password: str = field(repr=False)
    network: str
    """The stack's network, which the provider is in."""

    def send(self, method: str, path: str, json: Any = None, **options: Any) -> requests.Response:
        """Call with the operator's credentials and return the response, whatever it is."""
        return requests.request(
            method, self.url + path, json=json, auth=(self.user, self.password), timeout=60, **options
        )

    def call(self, function: str, **options: Any) -> requests.Response:
        """Call a function, as anybody may."""
        return requests.get(f"{self.url}/function/{function}", timeout=60, **options)

    def functions(self) -> dict[str, dict[str, Any]]:
        """All functions by name."""
        return {function["name"]: function for function in self.send("GET", "/system/functions").json()}

    def describe(self, name: str) -> dict[str, Any]:
        """One function's state."""
        found: dict[str, Any] = self.send("GET", f"/system/function/{name}").json()
        return found

    def deploy(self, name: str, **more: Any) -> requests.Response:
        """Create a function."""
        return self.send("POST", "/system/functions", deployment(name, **more))

    def update(self, name: str, **more: Any) -> requests.Response:
        """Replace a function."""
        return self.send("PUT", "/system/functions", deployment(name, **more))

    def scale(self, name: str, replicas: int) -> requests.Response:
        """Ask for a number of replicas."""
        return self.send("POST", f"/system/scale-function/{name}", {"serviceName": name, "replicas": replicas})

    def put_to_sleep(self, name: str) -> None:
        """Take all replicas away, at the provider: upstream's gateway never asks for fewer than one."""
        url = f"http://provider:8081/system/scale-function/{name}"
        headers = {"Authorization": f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"}
        request = f"request.Request({url!r}, b'{{\"replicas\": 0}}', {headers})"
        run_inside(self.network, f"from urllib import request; request.urlopen({request})")

    def remove(self, name: str) -> requests.Response:
        """Remove a function."""
        return self.send("DELETE", "/system/functions", {"functionName": name})
