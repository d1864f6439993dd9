"""From functions to the files HAProxy reads: configuration, maps, what counts. Pure, save for reading the templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from math import ceil
from pathlib import Path
from string import Template

import faas
from faas.gateway.counters import BUCKETS
from faas.gateway.functions import Function, State
from faas.gateway.problems import payload, problem
from faas.gateway.routes import method_map, route_map
from faas.gateway.settings import Settings

CONFIGURATION, COLD_MAP = "haproxy.cfg", "cold.map"
_AS_THEY_ARE = ("closed.html", "calls.lua")
NAMESPACE = "openfaas-fn"
SERVED_BY = f"openfaas-swarm/{faas.__version__}"
API_BODY, CALL_BODY = 64 * 1024, 10 * 1024 * 1024
LEAST_SLOTS, MOST_SLOTS = 20, 500
# Beyond these HAProxy refuses the whole configuration, for one function's sake.
MOST_CONNECTIONS, LONGEST_TIMEOUT = 65_535, 24 * 3600
# Waking takes a scheduler, a container and an interpreter; the call's own time comes after.
WAKING_SECONDS = 60
ACTIVATOR_PORT = 8083
ANSWER_SECONDS = 5
FOLDER = Path(__file__).parent
# Where "show servers state" has a server's port.
_PORT = 18
# Upstream's gateway knows no way back to an earlier deployment.
_UPSTREAM_API = "{ path_beg /function/ /system/ } !{ path_beg /system/rollback/ }"

_ANSWERS = {
    "bad_path": problem(400, "A path with empty or dot segments is not served."),
    "wrong_method": problem(405, "This path is not served with this method."),
    "no_route": problem(404, "No function serves this path."),
    "provider_failed": payload(502, "The provider broke off its answer."),
    "provider_down": payload(503, "The provider is not running."),
    "provider_slow": payload(504, "The provider did not answer in time."),
    "upstream_failed": payload(502, "The upstream gateway broke off its answer."),
    "upstream_down": payload(503, "The upstream gateway is not running."),
    "upstream_slow": payload(504, "The upstream gateway did not answer in time."),
    "function_failed": payload(502, "The function %[var(txn.fn)] broke off its answer."),
    "function_down": payload(503, "No replica of the function %[var(txn.fn)] took the request in time."),
    "function_slow": payload(504, "The function %[var(txn.fn)] did not answer in time."),
}


@dataclass(frozen=True)
class Surroundings:
    """What the container finds at its start."""

    own_networks: tuple[IPv4Network, ...]
    """Subnets of the stack: only from there a client's address is taken on trust."""
    tls: bool = False


def render(state: State, settings: Settings, surroundings: Surroundings) -> dict[str, str]:
    """All files by name; HAProxy finds the maps beside its configuration."""
    functions = state.functions
    return {
        CONFIGURATION: _entrances(functions, settings, surroundings)
        + "".join(_backend(f, settings) for f in functions),
        **{name: _read(name) for name in _AS_THEY_ARE},
        "routes.map": _map(route_map(functions)),
        "methods.map": _map(method_map(functions)),
        "functions.map": _map((name, f.name) for f in functions for name in (f.name, f"{f.name}.{NAMESPACE}")),
        COLD_MAP: cold_map(state),
    }


def cold_map(state: State) -> str:
    """Every function with 1 (its calls go to the activator) or 0, so that a mark is changed and never added twice."""
    return _map((function.name, str(int(function.cold))) for function in state.functions)


def with_activators(servers: str, functions: Iterable[str]) -> str:
    """Add to the servers that a worker knows what the next one must know of functions that are new to it.

    Their activator is where the provider is. Until HAProxy had looked it up, their calls would find no server.
    """
    rows = {tuple(row[1:4:2]): row for line in servers.splitlines() if len(row := line.split()) > _PORT}
    if (provider := rows.get(("provider", "provider"))) is None:
        return servers
    new = [name for name in functions if (f"fn-{name}", "activator") not in rows]
    return servers + "".join(_activator(name, provider) for name in sorted(new))


def _activator(name: str, provider: Sequence[str]) -> str:
    row = list(provider)
    row[1], row[3], row[_PORT] = f"fn-{name}", "activator", str(ACTIVATOR_PORT)
    return " ".join(row) + "\n"


def _entrances(functions: Iterable[Function], settings: Settings, surroundings: Surroundings) -> str:
    tls = f"\n    bind :8443 tcp-ut 65s ssl crt {settings.certificate} alpn h2,http/1.1" if surroundings.tls else ""
    longest = max([30, *(_timeout(function) for function in functions)])
    return _filled(
        CONFIGURATION,
        **_ANSWERS,
        **_upstream(settings, longest),
        **_cache(settings),
        servers_file=settings.servers_file,
        worker_socket=settings.worker_socket,
        longest=longest,
        own_networks=" ".join(str(network) for network in surroundings.own_networks) or "127.0.0.1",
        public_tls=tls,
        client=settings.client,
        provider=settings.provider,
        served_by=SERVED_BY,
        buckets=" ".join(str(round(bound * 1e6)) for bound in BUCKETS),
    )


def _upstream(settings: Settings, longest: int) -> dict[str, object]:
    """What leads calls and the API through OpenFaaS' own gateway and takes them back from it."""
    if not settings.upstream:
        return {"maxconn": settings.maxconn, "share": "", "upstream_api": "", "upstream_calls": "", "upstream": ""}
    return {
        # Every call comes in twice. First ones may never take the connections that second ones need.
        "maxconn": 2 * settings.maxconn,
        "share": f"\n    maxconn {settings.maxconn // 2}",
        "upstream_api": "\n    use_backend upstream if routed",
        "upstream_calls": f"\n    use_backend upstream if called or {_UPSTREAM_API}",
        "upstream": _filled(
            "upstream.cfg",
            **_ANSWERS,
            upstream=settings.upstream,
            provider=settings.provider,
            longest=longest + WAKING_SECONDS + ANSWER_SECONDS,
        ),
    }


def _cache(settings: Settings) -> dict[str, object]:
    """What keeps answers that say that they may be given again to anybody."""
    if not settings.cache_megabytes:
        return {"cache": "", "cached": ""}
    return {
        "cache": _filled("cache.cfg", megabytes=settings.cache_megabytes),
        "cached": "\n" + _filled("cached.cfg", served_by=SERVED_BY).rstrip(),
    }


def _backend(function: Function, settings: Settings) -> str:
    return _filled(
        "function.cfg",
        name=function.name,
        timeout=_timeout(function),
        ready_path=function.ready_path,
        rules="\n".join(f"    {rule}" for rule in _rules(function)),
        provider=settings.provider,
        activator_port=ACTIVATOR_PORT,
    ) + ("" if function.asleep else _replicas(function, settings))


def _replicas(function: Function, settings: Settings) -> str:
    return _filled(
        "replicas.cfg",
        slots=min(max(function.max_replicas, LEAST_SLOTS), MOST_SLOTS),
        address=f"tasks.{function.service}:8080",
        maxconn=min(max(1, function.max_inflight // settings.gateways), MOST_CONNECTIONS),
    )


def _rules(function: Function) -> Iterable[str]:
    yield from _rate_limit(function)
    yield from _body_limit(function)
    retried = "{ method GET HEAD OPTIONS }" + (
        " or { req.hdr(Idempotency-Key) -m found }" if function.idempotency_key else ""
    )
    yield f"http-request disable-l7-retry unless {retried}"
    waking = _timeout(function) + WAKING_SECONDS
    yield f"http-request set-timeout server {waking}s if {{ str({function.name}),map_str({COLD_MAP}) -m str 1 }}"


def _rate_limit(function: Function) -> Iterable[str]:
    if function.rate_limit is None:
        return
    refusal = problem(429, f"More than {function.rate_limit} calls a minute from one address.")
    yield "stick-table type ipv6 size 100k expire 2m store http_req_rate(1m)"
    # A refused call is not counted, so that who keeps trying gets through at the permitted rate.
    too_many = f"{{ var(txn.client),table_http_req_rate ge {function.rate_limit} }}"
    yield f"http-request return {refusal} hdr Retry-After 10 if {too_many}"
    yield "http-request track-sc0 var(txn.client)"


def _body_limit(function: Function) -> Iterable[str]:
    for limit, scope in _limits(function):
        refusal = problem(413, f"The body may have up to {limit} bytes.")
        yield f"http-request return {refusal} if {{ var(txn.length) -m int gt {limit} }}{scope}"


def _limits(function: Function) -> list[tuple[int, str]]:
    if function.max_body is not None:
        return [(function.max_body, "")]
    return [(API_BODY, " { var(txn.entrance) -m str public }"), (CALL_BODY, "")]


def _timeout(function: Function) -> int:
    return min(ceil(function.exec_timeout), LONGEST_TIMEOUT) + ANSWER_SECONDS


def _map(entries: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{key} {value}\n" for key, value in entries)


def _filled(template: str, **values: object) -> str:
    return Template(_read(template)).substitute(values)


def _read(name: str) -> str:
    return (FOLDER / name).read_text()
