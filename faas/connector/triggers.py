"""What the functions ask for in their annotations. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from faas.connector.retries import DEFAULT_POLICY, Policy
from faas.connector.schedules import Schedule, parse
from faas.durations import seconds

CRON = "cron-function"
LARGEST_BATCH = 1_000


@dataclass(frozen=True)
class Trigger:
    """When a function is to be called: for messages of these topics, and at the times of its schedule.

    With `batch` above 1 a call brings as many events as wait, up to so many.
    """

    function: str
    topics: frozenset[str] = frozenset()
    schedule: Schedule | None = None
    policy: Policy = DEFAULT_POLICY
    batch: int = 1


def read(function: Mapping[str, Any]) -> Trigger:
    """Read one entry of `/system/functions`. Raises ValueError saying which annotation is wrong."""
    annotations: Mapping[str, str] = function.get("annotations") or {}
    topics = frozenset(topic.strip() for topic in annotations.get("topic", "").split(",") if topic.strip())
    return Trigger(
        function=function["name"],
        topics=topics - {CRON},
        schedule=_schedule(annotations) if CRON in topics else None,
        policy=_policy(annotations),
        batch=_batch(annotations),
    )


def read_all(functions: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Trigger], list[str]]:
    """Read them all; return the triggers by function, and what is wrong with those that cannot be read."""
    triggers, problems = {}, []
    for function in functions:
        try:
            triggers[function["name"]] = read(function)
        except ValueError as error:
            problems.append(f"{function['name']}: {error}")
    return triggers, problems


def matches(pattern: str, topic: str) -> bool:
    """Whether RabbitMQ's topic exchange would send `topic` there: `*` is one word, `#` any number of them."""
    return _match(pattern.split("."), topic.split("."))


def _match(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return _match(pattern[1:], words) or (bool(words) and _match(pattern, words[1:]))
    return bool(words) and pattern[0] in ("*", words[0]) and _match(pattern[1:], words[1:])


def _schedule(annotations: Mapping[str, str]) -> Schedule:
    if "schedule" not in annotations:
        raise ValueError(f"topic {CRON} needs a schedule")
    return parse(annotations["schedule"])


def _batch(annotations: Mapping[str, str]) -> int:
    size = int(annotations.get("com.openfaas.batch.size", 1))
    if not 1 <= size <= LARGEST_BATCH:
        raise ValueError(f"com.openfaas.batch.size must be from 1 to {LARGEST_BATCH}")
    return size


def _policy(annotations: Mapping[str, str]) -> Policy:
    given = {name: annotations.get(f"com.openfaas.retry.{name}") for name in ("attempts", "min-wait", "max-wait")}
    attempts, min_wait, max_wait = given.values()
    policy = Policy(
        attempts=int(attempts) if attempts else Policy.attempts,
        min_wait=seconds(min_wait) if min_wait else Policy.min_wait,
        max_wait=seconds(max_wait) if max_wait else Policy.max_wait,
    )
    if policy.attempts < 1:
        raise ValueError("com.openfaas.retry.attempts must be at least 1")
    return policy
