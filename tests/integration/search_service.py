"""The search service as its own process, on an index and a port of its own."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import requests

from tests.integration.events.servers import free_port
from tests.live import ROOT


class Service:
    """`python -m bookstore.catalog.index`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, anew if it has ended."""
        environment = {**os.environ, "INDEX_FOLDER": str(self.folder), "INDEX_PORT": str(self.port)}
        self.process = subprocess.Popen([sys.executable, "-m", "bookstore.catalog.index"], cwd=ROOT, env=environment)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it, frozen or not."""
        self.process.send_signal(how)
        self.process.send_signal(signal.SIGCONT)
        return self.process.wait(20)

    def metric(self, name: str) -> float | None:
        """A figure that it tells, None while it does not answer."""
        with suppress(requests.RequestException):
            for line in requests.get(f"{self.url}/metrics", timeout=2).text.splitlines():
                if line.startswith(f"{name} "):
                    return float(line.split()[1])
        return None
