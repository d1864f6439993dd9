"""Functions of the tests' own, well or ill as their environment says, and what is seen of them."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.live import ROOT, Stack
from tests.system.containers import containers_of, docker
from tests.system.openfaas import OpenFaas
from tests.system.waiting import eventually

BEHAVING = "bookstore-tests/behaving:latest"
STATUS = "com.openfaas.status"
READY = 30.0
OK = "200"
# The tests' calls do not change the replicas, nor does the lack of them for as long as a test takes.
STEADY = {
    "com.openfaas.scale.type": "capacity",
    "com.openfaas.scale.target": "1000",
    "com.openfaas.scale.down.window": "5m",
}


@contextmanager
def behaving_image() -> Iterator[None]:
    """The image that they run."""
    docker("build", "--quiet", "--tag", BEHAVING, str(ROOT / "tests" / "system" / "behaving"))
    yield
    docker("image", "rm", "--force", BEHAVING)


def spec(name: str, *, image: str = BEHAVING, labels: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    """A deployment of the behaving function."""
    return {"service": name, "image": image, "labels": {**STEADY, **(labels or {})}, **fields}


def deploy(openfaas: OpenFaas, name: str, **fields: Any) -> None:
    """Deploy, and wait until it answers."""
    sent = openfaas.send("POST", "/system/functions", spec(name, **fields))
    assert sent.status_code == 202, sent.text
    eventually(lambda: openfaas.call(name).ok, within=READY, what=f"an answer of {name}")


def update(openfaas: OpenFaas, name: str, **fields: Any) -> None:
    """Replace it."""
    sent = openfaas.send("PUT", "/system/functions", spec(name, **fields))
    assert sent.status_code == 202, sent.text


def status(openfaas: OpenFaas, name: str) -> str:
    """Why it is not ready; empty when nothing is known to be wrong."""
    return str(openfaas.describe(name)["annotations"].get(STATUS, ""))


def eventually_says(openfaas: OpenFaas, name: str, pattern: str) -> str:
    """Wait for a status that fits."""

    def said() -> str:
        text = status(openfaas, name)
        return text if re.search(pattern, text) else ""

    return eventually(said, within=READY, what=f"a status like {pattern}")


def inspected(stack: Stack, name: str) -> list[dict[str, Any]]:
    """What the engine knows of a function's containers; there is at least one."""
    found = eventually(lambda: containers_of(f"{stack.name}_fn-{name}"), within=READY, what="a container")
    containers: list[dict[str, Any]] = json.loads(docker("inspect", *found))
    return containers


@contextmanager
def calling(openfaas: OpenFaas, name: str, *, threads: int = 4) -> Iterator[list[str]]:
    """Call a function all the time, every third time with POST; gives OK, or what was wrong, for each call."""
    outcomes: list[str] = []
    stop = threading.Event()

    def call() -> None:
        with requests.Session() as session:
            while not stop.is_set():
                method = "GET" if len(outcomes) % 3 else "POST"
                try:
                    answer = session.request(method, f"{openfaas.url}/function/{name}", data="x", timeout=30)
                    outcomes.append(OK if answer.status_code == 200 else f"{method} {answer.status_code} {answer.text}")
                except requests.RequestException as error:
                    outcomes.append(f"{method} {error!r}")

    callers = [threading.Thread(target=call) for _ in range(threads)]
    for caller in callers:
        caller.start()
    try:
        yield outcomes
    finally:
        stop.set()
        for caller in callers:
            caller.join()
