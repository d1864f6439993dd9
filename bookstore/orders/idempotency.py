"""A request with an Idempotency-Key is carried out once; whoever repeats it gets the first answer."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bookstore.clock import now
from bookstore.database import Connection, connection, execute, fetch_one, transaction
from bookstore.errors import BookstoreError, Conflict, PaymentRequired, Unavailable, Unprocessable
from bookstore.secrets import secret

KEPT_FOR = timedelta(hours=24)
_WAIT_SECONDS = 3
# A refusal that repeating the request would not change; it is kept like any other answer.
_LASTING: dict[int, type[BookstoreError]] = {402: PaymentRequired, 409: Conflict}

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """A user's request under a key of theirs; the fingerprint tells it from others without keeping its body."""

    user_id: str
    operation: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, user_id: str, operation: str, key: str, body: bytes, *, target: str = "") -> "Request":
        """The request to do `operation` to `target` with a body."""
        content = f"{target}\n".encode() + body
        fingerprint = hmac.new(secret("idempotency-key").encode(), content, hashlib.sha256).hexdigest()
        return cls(user_id, operation, key, fingerprint)


@dataclass(frozen=True)
class Answer:
    """What a request was answered: a status with a JSON body, or a refusal with what it says."""

    status: int
    body: dict[str, Any]

    @classmethod
    def refusal(cls, error: BookstoreError) -> "Answer":
        """The answer that an error stands for."""
        return cls(error.status, {"detail": str(error), "extra": error.extra, "errors": list(error.errors)})

    def unwrap(self) -> dict[str, Any]:
        """The body. Raises the refusal as the error that it was."""
        if self.status < 400:
            return self.body
        error = _LASTING[self.status](self.body["detail"], **self.body["extra"])
        error.errors = self.body["errors"]
        raise error


@dataclass(frozen=True)
class Claim:
    """What is known of a request: its answer, or the payment attempt that an earlier run of it began."""

    answer: Answer | None = None
    attempt_id: str | None = None


def answer_once(request: Request, work: Callable[[Connection], Answer]) -> dict[str, Any]:
    """Do the work and keep its answer in one transaction, or give the answer that was kept.

    Raises Conflict with Retry-After while another request with the key takes more than 3 s.
    """

    def step(db: Connection) -> Answer:
        return claim(db, request).answer or keep(db, request, work(db))

    with alone(request):
        return refusals_kept(request, step).unwrap()


def refusals_kept(request: Request, step: Callable[[Connection], T]) -> T | Answer:
    """Run a transaction; when it is refused for good, keep the refusal as the request's answer."""
    try:
        return transaction("orders", step)
    except BookstoreError as error:
        if error.status not in _LASTING or "Retry-After" in error.headers:
            raise
        answer = Answer.refusal(error)
        return transaction("orders", lambda db: claim(db, request).answer or keep(db, request, answer))


@contextmanager
def alone(request: Request) -> Iterator[None]:
    """Let repetitions of a request wait for its end, up to 3 s. It ends with this connection too.

    A lock by name: no row is locked, so nobody else waits.
    """
    identity = f"{request.user_id} {request.operation} {request.key}"
    name = "once-" + hashlib.sha256(identity.encode()).hexdigest()[:40]
    taken = fetch_one(connection("orders"), "SELECT GET_LOCK(%s, %s) AS taken", [name, _WAIT_SECONDS])
    if not taken or taken["taken"] != 1:
        error = Conflict("A request with this Idempotency-Key is still at work. Repeat it in a moment.")
        error.headers = {"Retry-After": "1"}
        raise error
    try:
        yield
    finally:
        # A lost connection has given it up already, and must not hide what the work came to.
        with suppress(Unavailable):
            fetch_one(connection("orders"), "SELECT RELEASE_LOCK(%s) AS released", [name])


def claim(db: Connection, request: Request) -> Claim:
    """Take a key for a request, or find what is known of it. Raises Unprocessable for another request's key."""
    where = [request.user_id, request.operation, request.key]
    first = execute(
        db,
        "INSERT INTO idempotency (user_id, operation, idempotency_key, body_hmac, created_at)"
        " VALUES (%s, %s, %s, %s, %s) ON DUPLICATE KEY UPDATE user_id = user_id",
        [*where, request.fingerprint, now()],
    )
    if first:
        return Claim()
    known = fetch_one(
        db,
        "SELECT body_hmac, attempt_id, status, answer FROM idempotency"
        " WHERE user_id = %s AND operation = %s AND idempotency_key = %s",
        where,
    )
    assert known is not None, "the row just found is locked"
    if not hmac.compare_digest(known["body_hmac"], request.fingerprint):
        raise _of_another_request()
    answer = None if known["status"] is None else Answer(known["status"], json.loads(known["answer"]))
    return Claim(answer, known["attempt_id"])


def keep(db: Connection, request: Request, answer: Answer) -> Answer:
    """Keep the answer of a claimed request, and return it."""
    execute(
        db,
        "UPDATE idempotency SET status = %s, answer = %s"
        " WHERE user_id = %s AND operation = %s AND idempotency_key = %s",
        [answer.status, json.dumps(answer.body), request.user_id, request.operation, request.key],
    )
    return answer


def begin_attempt(db: Connection, request: Request, attempt_id: str) -> None:
    """Note the payment attempt by which a claimed request goes on after its transaction."""
    execute(
        db,
        "UPDATE idempotency SET attempt_id = %s WHERE user_id = %s AND operation = %s AND idempotency_key = %s",
        [attempt_id, request.user_id, request.operation, request.key],
    )


def end_attempt(db: Connection, attempt_id: str, answer: Answer) -> Answer:
    """Keep the answer of the request, if there is one, that began an attempt; return the answer."""
    execute(
        db,
        "UPDATE idempotency SET status = %s, answer = %s WHERE attempt_id = %s AND status IS NULL",
        [answer.status, json.dumps(answer.body), attempt_id],
    )
    return answer


def answer_of_attempt(db: Connection, attempt_id: str) -> Answer | None:
    """The answer kept for the request that began an attempt, if it had a key."""
    row = fetch_one(db, "SELECT status, answer FROM idempotency WHERE attempt_id = %s", [attempt_id])
    return Answer(row["status"], json.loads(row["answer"])) if row and row["status"] else None


def forget_old(db: Connection, at: datetime, *, limit: int) -> int:
    """Forget requests that nobody repeats any more; return how many."""
    return execute(db, "DELETE FROM idempotency WHERE created_at < %s LIMIT %s", [at - KEPT_FOR, limit])


def _of_another_request() -> Unprocessable:
    message = "was used for another request: send a new key"
    error = Unprocessable(f"The Idempotency-Key {message}.")
    error.errors = [{"field": "Idempotency-Key", "message": message}]
    return error
