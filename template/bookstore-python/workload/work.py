"""Calls of the handler: so many at a time, each with a time limit."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any


class Busy(Exception):
    """As many calls as permitted are at work."""


class TimedOut(Exception):
    """A call took longer than permitted."""


class _Worker(threading.Thread):
    """A thread that does one piece of work after the other for whoever waits for it."""

    def __init__(self) -> None:
        super().__init__(name="handler", daemon=True)
        self.orders: SimpleQueue[tuple[Callable[[], Any], _Waiting]] = SimpleQueue()
        self.start()

    def run(self) -> None:
        while True:
            work, waiting = self.orders.get()
            try:
                waiting.result = work()
            except BaseException as error:
                waiting.error = error
            waiting.finish(self)
            del work, waiting


class _Waiting:
    __slots__ = ("_finished", "done", "error", "result")

    def __init__(self, finished: Callable[[_Worker], None]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self._finished = finished
        self.done = threading.Lock()
        self.done.acquire()

    def finish(self, worker: _Worker) -> None:
        self._finished(worker)
        self.done.release()


class Works:
    """Runs calls in threads of their own, so that the answer can go out in time whatever a handler does.

    Python cannot end a thread: after a timeout the handler goes on, and its place counts as taken until it returns.
    """

    def __init__(self, *, at_once: int, seconds: float) -> None:
        self._places = threading.Semaphore(at_once)
        self._seconds = seconds
        # The worker that was busy last comes first: few threads, and few of their database connections, stay in use.
        self._idle: list[_Worker] = []

    def run(self, work: Callable[[], Any]) -> Any:
        """Do the work and return its result. Raises Busy, TimedOut, or what the work raised."""
        if not self._places.acquire(blocking=False):
            raise Busy
        waiting = _Waiting(self._free)
        try:
            worker = self._idle.pop()
        except IndexError:
            worker = _Worker()
        worker.orders.put((work, waiting))
        if not waiting.done.acquire(timeout=self._seconds):
            raise TimedOut
        if waiting.error is not None:
            raise waiting.error
        return waiting.result

    def _free(self, worker: _Worker) -> None:
        self._idle.append(worker)
        self._places.release()
