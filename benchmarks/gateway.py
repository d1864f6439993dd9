"""The gateway beside a bare HAProxy; `python -m benchmarks.gateway` adds the trials that take minutes."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain
from statistics import median
from typing import Any

import requests
from rich.console import Console
from rich.live import Live
from rich.table import Table

from benchmarks.functions import Gateway, build_echo, echo, wait_until
from benchmarks.load import Figures, ensure_wrk, load
from benchmarks.machine import docker

CONNECTIONS, RUNS, ROUNDS = 16, 5, 3
AWAKE, ASLEEP = 20, 180
AT_ONCE, SETTLING = 10, 15
_BARE = """
global
    nbthread 1
    maxconn 4000
defaults
    mode http
    timeout connect 1s
    timeout client 1m
    timeout server 1m
listen all
    bind :8080
    http-reuse always
    server replica tasks.{service}:8080
"""

Row = tuple[str, str, str, str]
"""What was measured, the figure, what is promised, and whether that holds."""


def main() -> None:
    """Measure everything and print it."""
    ensure_wrk()
    show(Console(width=110), chain(quick(), long()))


def show(console: Console, rows: Iterable[Row]) -> None:
    """Print a table that grows with every row, so that a trial that breaks off takes none before it along."""
    table = Table("Gateway", "measured", "promised", "")
    with Live(table, console=console):
        for row in rows:
            table.add_row(*row)


def quick() -> Iterator[Row]:
    """What takes a minute: the gateway's own cost, a reload, and a function's first call."""
    build_echo()
    gateway = Gateway.from_environment()
    with echo(gateway, "bench-echo", **replicas(1)) as url, bare_haproxy(gateway, "bench-echo") as bare:
        yield from _beside(url, bare)
        yield _without_failure("Reloads while serving", url, lambda: _reload(gateway))
    yield _first_calls(gateway)


def long() -> Iterator[Row]:
    """What takes minutes: many functions, and everything that must not fail a call."""
    gateway = Gateway.from_environment()
    with echo(gateway, "bench-updated", **replicas(2)) as url:
        yield _without_failure("10 rolling updates, 30 % POST", url, lambda: _update(gateway), POSTS="3")
    with echo(gateway, "bench-scaled", labels={"com.openfaas.scale.max": "4"}) as url:
        yield _without_failure("Scaling 1→4→1 ten times, 30 % POST", url, lambda: _scale(gateway), POSTS="3")
    with echo(gateway, "bench-killed", **replicas(4)) as url:
        wait_until(lambda: gateway.available("bench-killed") == 4, "four replicas")
        yield _without_failure("SIGKILL of half the replicas, GET", url, lambda: _kill_half(gateway))
    yield _many_functions(gateway)


def replicas(count: int) -> dict[str, Any]:
    """What keeps a function at so many replicas."""
    return {"labels": {"com.openfaas.scale.min": str(count), "com.openfaas.scale.max": str(count)}}


@contextmanager
def bare_haproxy(gateway: Gateway, function: str) -> Iterator[str]:
    """HAProxy with nothing but the way to a function's replica; return its address."""
    service = f"{gateway.stack}_fn-{function}"
    name = f"{gateway.stack}-bench-haproxy"
    run = ["run", "--rm", "--detach", "--name", name, "--network", f"{gateway.stack}_platform"]
    run += ["--publish", "127.0.0.1::8080", "--env", f"CONFIGURATION={_BARE.format(service=service)}"]
    docker(*run, "bookstore/gateway:latest", "sh", "-c", 'echo "$CONFIGURATION" > /tmp/c && exec haproxy -f /tmp/c')
    try:
        url = f"http://{docker('port', name, '8080').splitlines()[0]}"
        wait_until(lambda: _answers(url), "an answer of the bare HAProxy")
        yield url
    finally:
        docker("rm", "--force", name)


def _beside(url: str, bare: str) -> Iterator[Row]:
    pairs = [(load(bare, connections=CONNECTIONS), load(url, connections=CONNECTIONS)) for _ in range(RUNS)]
    ratio = median(ours.rate / alone.rate for alone, ours in pairs)
    rate = median(ours.rate for _, ours in pairs)
    alone_spread, spread = (median(run.p99 / run.p50 for run in runs) for runs in zip(*pairs, strict=True))
    failed = sum(ours.failed for _, ours in pairs)
    yield _row("Echo beside HAProxy alone", f"{ratio:.0%} ({rate:,.0f} req/s)", "≥ 80 %", ratio >= 0.8 and not failed)
    # Where the machine is not quiet, neither is HAProxy alone.
    yield _row("p99 of it, in p50", f"{spread:.1f} (HAProxy alone: {alone_spread:.1f})", "≤ 3", spread <= 3)


def _without_failure(what: str, url: str, act: Callable[[], None], **request: str) -> Row:
    """Load from before the act until after it, in runs of a few seconds; no call may fail."""
    done, found = threading.Event(), list[Figures]()

    def loading() -> None:
        while not done.is_set():
            found.append(load(url, connections=CONNECTIONS, seconds=5, **request))

    thread = threading.Thread(target=loading)
    thread.start()
    time.sleep(1)
    try:
        act()
    finally:
        done.set()
        thread.join()
    failed, calls = sum(figures.failed for figures in found), sum(figures.requests for figures in found)
    return _row(what, f"{failed} of {calls:,} failed", "0", failed == 0)


def _first_calls(gateway: Gateway) -> Row:
    def seconds(number: int) -> float:
        name = f"bench-new-{number}"
        gateway.deploy(name)
        begun = time.monotonic()
        try:
            requests.get(f"{gateway.url}/function/{name}", timeout=30).raise_for_status()
            return time.monotonic() - begun
        finally:
            gateway.remove(name)

    slowest = max(seconds(number) for number in range(RUNS))
    return _row("A call right after the deployment", f"{slowest:.1f} s at most", "≤ 3 s", slowest <= 3)


def _many_functions(gateway: Gateway) -> Row:
    few, many = list[float](), list[float]()
    with echo(gateway, "bench-echo", **replicas(1)) as url, functions(gateway, "awake", AWAKE - 1):
        for _ in range(ROUNDS):
            few += [load(url, connections=CONNECTIONS).rate for _ in range(2)]
            with functions(gateway, "asleep", ASLEEP, replicas=0):
                many += [load(url, connections=CONNECTIONS).rate for _ in range(2)]
    ratio = median(many) / median(few)
    return _row("200 functions, 180 asleep, beside 20", f"{ratio:.0%}", "≥ 95 %", ratio >= 0.95)


@contextmanager
def functions(gateway: Gateway, kind: str, count: int, *, replicas: int = 1) -> Iterator[None]:
    """So many functions more, with so many replicas each, once everything has settled."""
    names = [f"bench-{kind}-{number}" for number in range(count)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            list(pool.map(gateway.deploy, names))
            list(pool.map(lambda name: gateway.ask_for(name, replicas), names))
            wait_until(lambda: gateway.settled(names, replicas), f"{replicas} replicas", within=300, every=1)
            time.sleep(SETTLING)
            yield
        finally:
            list(pool.map(gateway.remove, names))
            time.sleep(SETTLING)


def _reload(gateway: Gateway) -> None:
    for number in range(5):
        gateway.deploy("bench-reload", annotations={"http.route": f"GET /api/bench-{number}"})
        time.sleep(1.5)
        gateway.remove("bench-reload")
        time.sleep(1.5)


def _update(gateway: Gateway) -> None:
    for number in range(10):
        gateway.deploy("bench-updated", "PUT", **replicas(2), envVars={"UPDATE": str(number)})
        wait_until(lambda: gateway.available("bench-updated") == 2, "the update", within=90)


def _scale(gateway: Gateway) -> None:
    for _ in range(10):
        gateway.scale("bench-scaled", 4)
        gateway.scale("bench-scaled", 1)


def _kill_half(gateway: Gateway) -> None:
    label = f"label=com.docker.swarm.service.name={gateway.stack}_fn-bench-killed"
    running = docker("ps", "--quiet", "--filter", label).split()
    docker("kill", *running[: len(running) // 2])
    time.sleep(5)


def _row(what: str, figure: str, promised: str, holds: bool) -> Row:
    return what, figure, promised, "yes" if holds else "NO"


def _answers(url: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(url, timeout=5).ok
    return False


if __name__ == "__main__":
    main()
