"""The one door to Prometheus: questions in PromQL, answers by function."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from faas.dashboard.source import Source, Unknown

_INSTANT, _RANGE = "/api/v1/query", "/api/v1/query_range"
_CALLS = "gateway_function_invocation_total"
_BY = "sum by (function_name)"
# Without a first failure there is no series of failures; times 0 makes one.
_FAILED = f'{_BY} (rate({_CALLS}{{code=~"5..",%(which)s}}[%(over)s]))'
_ANSWERED = f"{_BY} (rate({_CALLS}{{%(which)s}}[%(over)s]))"
_FIGURES = {
    "rate": _ANSWERED,
    "errors": f"({_FAILED} or {_ANSWERED} * 0) / {_ANSWERED}",
    "p95": "histogram_quantile(0.95, sum by (function_name, le)"
    " (rate(gateway_functions_seconds_bucket{%(which)s}[%(over)s])))",
    "in_flight": f"{_BY} (gateway_function_in_flight{{%(which)s}})",
    "queued": f"{_BY} (gateway_function_queued{{%(which)s}})",
    "replicas": "max by (function_name) (gateway_service_count{%(which)s})",
    "load": "max by (function_name) (autoscaler_load{%(which)s})",
    "delivered": "sum by (function) (rate(connector_delivered_total[%(over)s]))",
    "retried": "sum by (function) (rate(connector_retried_total[%(over)s]))",
}


@dataclass(frozen=True)
class Span:
    """The moments of a chart, in Unix seconds: from `start` to `end`, every `step`."""

    start: int
    end: int
    step: int

    @property
    def moments(self) -> int:
        """How many there are."""
        return (self.end - self.start) // self.step + 1


def question(figure: str, *, over: str, function: str | None = None) -> str:
    """Write the PromQL for a figure as the mean `over` a while, of all functions or of one."""
    which = "" if function is None else f'function_name=~"{function}([.].*)?"'
    return _FIGURES[figure] % {"which": which, "over": over}


class Prometheus:
    """Answers are by function; what has no value is left out."""

    def __init__(self, source: Source) -> None:
        """`source` is the server."""
        self._source = source

    async def now(self, figure: str, *, over: str = "1m") -> dict[str, float]:
        """Return the figure of every function that has one. Raises Unknown."""
        found = await self._ask(_INSTANT, query=question(figure, over=over))
        return {name: value for name, result in found for value in _values([result["value"]]) if value is not None}

    async def course(
        self, figure: str, span: Span, *, over: str = "1m", function: str | None = None
    ) -> dict[str, list[float | None]]:
        """Return the figure at every moment of the span, None where there was none. Raises Unknown."""
        query = question(figure, over=over, function=function)
        times = {"start": str(span.start), "end": str(span.end), "step": str(span.step)}
        return {name: _course(result["values"], span) for name, result in await self._ask(_RANGE, query=query, **times)}

    async def _ask(self, path: str, **query: str) -> list[tuple[str, Any]]:
        answer = await self._source.read_json(path, query)
        try:
            return [(_name(result["metric"]), result) for result in answer["data"]["result"]]
        except (KeyError, TypeError) as error:
            raise Unknown("Prometheus answers in an unknown form") from error


def _name(labels: dict[str, str]) -> str:
    # The gateway's metrics carry the namespace behind the name.
    return (labels.get("function_name") or labels.get("function", "")).partition(".")[0]


def _values(pairs: list[tuple[float, str]]) -> Iterator[float | None]:
    for _, text in pairs:
        value = float(text)
        yield value if math.isfinite(value) else None


def _course(pairs: list[tuple[float, str]], span: Span) -> list[float | None]:
    course: list[float | None] = [None] * span.moments
    for (at, _), value in zip(pairs, _values(pairs), strict=True):
        course[round((at - span.start) / span.step)] = value
    return course
