"""What becomes of a message after its function was called: done, again later, or set aside. Pure."""

from dataclasses import dataclass

# A gateway that knows no such function answers 404 in OpenFaaS' words; the function may be on its way.
UNKNOWN_FUNCTION = "error finding function"
_WORTH_A_RETRY = frozenset({408, 409, 425, 429})


@dataclass(frozen=True)
class Delay:
    """A waiting room: every message in its queue waits as long, for the queue lets go from its head only."""

    name: str
    seconds: float


DELAYS = (Delay("1s", 1), Delay("5s", 5), Delay("30s", 30), Delay("2m", 120), Delay("10m", 600))


@dataclass(frozen=True)
class Policy:
    """How often and how patiently a function's messages are tried; waits in seconds, doubling from the first."""

    attempts: int = 12
    min_wait: float = 1
    max_wait: float = 600


DEFAULT_POLICY = Policy()


@dataclass(frozen=True)
class Answer:
    """What came of a call. `status` is None when nothing came back; `retry_after` is in seconds."""

    status: int | None
    reason: str = ""
    retry_after: float | None = None


@dataclass(frozen=True)
class Done:
    """The function took it."""


@dataclass(frozen=True)
class Again:
    """Call again after the delay."""

    delay: Delay
    reason: str


@dataclass(frozen=True)
class Dead:
    """No further call will help."""

    reason: str


Verdict = Done | Again | Dead


def decide(answer: Answer, *, attempt: int, policy: Policy) -> Verdict:
    """The verdict on the call number `attempt`, counted from 1."""
    told = f"{answer.status or 'no answer'} {answer.reason}".strip()
    if answer.status is not None and 200 <= answer.status < 300:
        return Done()
    if _is_permanent(answer):
        return Dead(told)
    if attempt >= policy.attempts:
        return Dead(f"gave up after {attempt} attempts: {told}")
    return Again(_delay(answer.retry_after, attempt=attempt, policy=policy), told)


def _is_permanent(answer: Answer) -> bool:
    if answer.status is None or answer.status >= 500 or answer.status in _WORTH_A_RETRY:
        return False
    return not (answer.status == 404 and answer.reason.startswith(UNKNOWN_FUNCTION))


def _delay(retry_after: float | None, *, attempt: int, policy: Policy) -> Delay:
    """The longest delay within the back-off, and none shorter than the function asked for."""
    wait = min(policy.max_wait, policy.min_wait * 2.0 ** (attempt - 1))
    asked = min(retry_after or 0, DELAYS[-1].seconds)
    allowed = [delay for delay in DELAYS if delay.seconds >= asked]
    patient = [delay for delay in allowed if delay.seconds <= wait]
    return patient[-1] if patient else allowed[0]
