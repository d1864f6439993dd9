"""Granian with an orderly end: after SIGTERM calls are accepted until the gateway has noticed, then finished."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.server import Server

from workload.settings import settings

_HOME = Path(__file__).parent.parent
_SPARE_THREADS = 2  # Or calls that fill all places would starve the health check.


class DrainingServer(Server):
    """Takes SIGTERM in two steps: not ready any more, and `drain` seconds later the end."""

    def signal_handler_interrupt(self, *arguments: Any, **more: Any) -> None:
        """Tell the worker that the end comes, and begin it later."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for worker in self.wrks:
            os.kill(worker.inner.pid, signal.SIGUSR1)
        end = threading.Timer(settings().drain, super().signal_handler_interrupt, arguments, more)
        end.daemon = True
        end.start()


def serve() -> None:
    """Serve the handler on :8080 until SIGTERM. Exits with 1 when the handler cannot be loaded."""
    # A folder that `configuration.copy` puts beside the handler is imported by its own name, here and in the worker.
    folders = [str(_HOME), str(_HOME / "function")]
    sys.path[:0] = folders
    os.environ["PYTHONPATH"] = os.pathsep.join(folders)
    DrainingServer(
        "workload.app:create_app",
        factory=True,
        address="0.0.0.0",  # noqa: S104
        port=int(os.environ.get("PORT", "8080")),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        blocking_threads=settings().max_inflight + _SPARE_THREADS,
        blocking_threads_idle_timeout=600,
        workers_kill_timeout=int(settings().exec_timeout) + 2,
        respawn_failed_workers=True,
        log_level="error",
    ).serve()
