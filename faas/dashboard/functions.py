"""A function's row: what the provider, the autoscaler and the labels say of it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from faas.autoscaler.labels import BadLabel, Policy, policy_of
from faas.dashboard.words import carried, why_kept

Status = Mapping[str, Any]
"""OpenFaaS' FunctionStatus."""

# Where the provider tells why a function is not ready.
_PROBLEM = "com.openfaas.status"


def row(status: Status, verdict: Mapping[str, Any] | None) -> dict[str, Any]:
    """Write the figures of this moment; None stands for what nobody told."""
    load = (verdict or {}).get("load") or {}
    return {
        "name": status["name"],
        "image": status["image"],
        "replicas": status["replicas"],
        "ready": status["availableReplicas"],
        "calls": status["invocationCount"],
        "in_flight": load.get("in_flight"),
        "queued": load.get("queued"),
        "why": why_kept(verdict) if verdict else None,
        "complaint": verdict.get("complaint") if verdict else None,
        "problem": (status.get("annotations") or {}).get(_PROBLEM),
        **_limits(status),
    }


def usages(statuses: Iterable[Status]) -> dict[str, dict[str, float]]:
    """What each function uses, of those that were measured: thousandths of a core, and bytes."""
    measured = ((status["name"], status.get("usage")) for status in statuses)
    return {name: {"cpu": usage["cpu"], "memory": usage["totalMemoryBytes"]} for name, usage in measured if usage}


def _limits(status: Status) -> dict[str, Any]:
    try:
        policy = policy_of(status.get("labels") or {})
    except BadLabel:
        policy = Policy()
    return {
        "min": 0 if policy.sleeps else policy.minimum,
        "max": policy.maximum,
        "kind": policy.kind,
        "carried": carried({"target": policy.target, "proportion": policy.proportion}),
    }
