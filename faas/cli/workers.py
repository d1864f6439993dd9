"""Work shared by several workers, each with a number that its lines begin with."""

import queue
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from faas.cli.output import say, yellow

Item = TypeVar("Item")


def share(items: Iterable[Item], work: Callable[[int, Item], None], *, workers: int) -> None:
    """Do `work(worker, item)` for every item. A worker whose work raises ends; the error comes out at the end."""
    waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
    for item in items:
        waiting.put(item)
    with ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(_work, worker, waiting, work) for worker in range(workers)]
    for worker in running:
        worker.result()


def _work(worker: int, waiting: "queue.SimpleQueue[Item]", work: Callable[[int, Item], None]) -> None:
    while True:
        try:
            item = waiting.get_nowait()
        except queue.Empty:
            break
        work(worker, item)
    say(yellow(f"[{worker}] Worker done."))
