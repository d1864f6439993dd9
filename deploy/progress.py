"""What the person at the terminal sees: a line for each step, with its time, and what the step is at just now."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

Report = Callable[[str], None]


class Progress:
    """Shows steps as they happen: a moving line on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Time since the first step."""
        return time.monotonic() - self._started

    @contextmanager
    def step(self, title: str) -> Iterator[Report]:
        """Show a step while it runs; it may report what it is at."""
        started = time.monotonic()
        with self.console.status(f"{title} …") as status:

            def report(detail: str) -> None:
                status.update(f"{title}: {detail} …")
                if not self.console.is_terminal:
                    self.console.print(f"  {title}: {detail}", markup=False)

            try:
                yield report
            except BaseException:
                self.console.print(f"[red]✗[/red] {title} ({time.monotonic() - started:.1f} s)")
                raise
        self.console.print(f"[green]✓[/green] {title} ({time.monotonic() - started:.1f} s)")

    def say(self, text: str) -> None:
        """Print a line as it is."""
        self.console.print(text, markup=False, soft_wrap=True)
