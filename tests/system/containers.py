"""The containers of a stack's services, and ways to end them."""

import os
import subprocess

# Ends the processes of its own container whose command line has the words; there is no other program to do it.
_KILL = """
import os, pathlib, signal, sys
found = [
    int(process.name)
    for process in pathlib.Path("/proc").glob("[0-9]*")
    if sys.argv[1].encode() in (process / "cmdline").read_bytes().split(b"\\0") and int(process.name) != os.getpid()
]
for process in found:
    os.kill(process, signal.SIGKILL)
sys.exit(not found)
"""


def docker(*arguments: str) -> str:
    """Run docker and return what it printed. Raises CalledProcessError."""
    return subprocess.run(
        ["docker", *arguments], env=os.environ, check=True, capture_output=True, text=True
    ).stdout.strip()


def containers_of(service: str) -> list[str]:
    """The ids of the service's running containers."""
    return docker("ps", "--quiet", "--filter", f"label=com.docker.swarm.service.name={service}").split()


def kill(service: str) -> None:
    """End all containers of a service as a power cut would."""
    docker("kill", *containers_of(service))


def run_inside(network: str, program: str) -> str:
    """Run a Python program in a stack's network and return what it printed. Raises CalledProcessError."""
    command = [
        "docker",
        "run",
        "--rm",
        "--interactive",
        "--network",
        network,
        "bookstore/platform:latest",
        "python",
        "-",
    ]
    return subprocess.run(command, input=program, text=True, capture_output=True, check=True).stdout


def restart(service: str) -> None:
    """Stop a service's containers in good order; Swarm starts others in their place."""
    docker("stop", "--time", "60", *containers_of(service))


def kill_process(service: str, word: str) -> None:
    """End the processes of a service's containers that have this word in their command line; there must be some."""
    for container in containers_of(service):
        docker("exec", container, "python", "-c", _KILL, word)
