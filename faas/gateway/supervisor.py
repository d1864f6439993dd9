"""The container's first process: starts HAProxy and the agent, and ends when HAProxy does.

The agent may die and come back without HAProxy noticing. SIGTERM lets HAProxy finish what its clients have begun.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from faas.gateway.configuration import CONFIGURATION, Surroundings, render
from faas.gateway.functions import State
from faas.gateway.generations import Generations
from faas.gateway.haproxy import flaw
from faas.gateway.networks import read_own_networks
from faas.gateway.settings import Settings

_AGENT = [sys.executable, "-m", "faas.gateway.running"]
_PAUSE = 1.0
_DRAIN = 5


def surroundings(settings: Settings) -> Surroundings:
    """Look around in the container."""
    tls = settings.certificate is not None and settings.certificate.exists()
    return Surroundings(own_networks=read_own_networks(), tls=tls)


def prepare(settings: Settings) -> Generations:
    """Render the last known functions anew, for this container; keep the last good configuration if that fails."""
    generations = Generations(settings.folder, settings.run_folder)
    state = generations.state() or State(version="")
    staged = generations.stage(render(state, settings, surroundings(settings)), state)
    problem = flaw(staged / CONFIGURATION)
    if problem is None:
        generations.adopt(staged)
    else:
        generations.discard(staged)
        _tell("error", "the last configuration stays", reason=problem)
    generations.note_loaded()
    return generations


class Supervisor:
    """Holds both processes."""

    def __init__(self, settings: Settings, configuration: Path) -> None:
        """Start both; signals are obeyed from here on."""
        self._haproxy = subprocess.Popen(["haproxy", "-W", "-S", settings.master_socket, "-f", configuration])
        self._agent = subprocess.Popen(_AGENT)
        self._stopping = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGALRM, lambda *_: self._haproxy.send_signal(signal.SIGTERM))

    def wait(self) -> int:
        """Start the agent again whenever it dies; return HAProxy's exit status when it has ended."""
        while True:
            pid, status = os.wait()
            if pid == self._haproxy.pid:
                self._agent.kill()
                return os.waitstatus_to_exitcode(status)
            if pid == self._agent.pid and not self._stopping:
                _tell("error", "the agent died and is started again", status=os.waitstatus_to_exitcode(status))
                time.sleep(_PAUSE)
                self._agent = subprocess.Popen(_AGENT)

    def _stop(self, *_: object) -> None:
        self._stopping = True
        # HAProxy waits for the agent's connection as for any other.
        self._agent.kill()
        self._haproxy.send_signal(signal.SIGUSR1)
        # Clients that keep an idle connection would keep HAProxy for long.
        signal.alarm(_DRAIN)


def _tell(level: str, message: str, **facts: object) -> None:
    print(json.dumps({"level": level, "message": message, **facts}), flush=True)
