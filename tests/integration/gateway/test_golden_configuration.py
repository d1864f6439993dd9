"""The reviewed configuration is one that HAProxy accepts, and begins with."""

import subprocess
from pathlib import Path

import pytest

from faas.gateway.configuration import render, with_activators
from tests.system.containers import docker
from tests.system.waiting import eventually
from tests.unit.gateway.samples import STATE, SURROUNDINGS, UPSTREAM_SETTINGS

GOLDEN = Path(__file__).parents[2] / "unit" / "gateway" / "golden"


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["docker", "run", "--rm", "--add-host", "provider:127.0.0.1", "--tmpfs", "/run/gateway:mode=1777"]
    mount = ["-v", f"{folder}:/config:ro", "--entrypoint", "haproxy", "bookstore/gateway:latest"]
    return subprocess.run([*command, *mount, "-c", "-f", "/config/haproxy.cfg"], capture_output=True, text=True)


def test_haproxy_accepts_the_golden_configuration():
    ran = checked(GOLDEN)
    assert ran.returncode == 0, ran.stderr


def test_haproxy_accepts_the_configuration_with_upstreams_gateway(tmp_path):
    for name, text in render(STATE, UPSTREAM_SETTINGS, SURROUNDINGS).items():
        (tmp_path / name).write_text(text)
    tmp_path.chmod(0o755)
    ran = checked(tmp_path)
    assert ran.returncode == 0, ran.stderr


def test_haproxy_refuses_it_with_one_word_wrong(tmp_path):
    for path in GOLDEN.iterdir():
        text = path.read_text().replace("balance leastconn", "balance leastcon")
        (tmp_path / path.name).write_text(text)
    tmp_path.chmod(0o755)
    assert checked(tmp_path).returncode != 0


PROVIDER = "1\n# \n5 provider 1 provider 10.0.1.6 2 0 1 1 9 1 0 4 0 0 0 0 provider 8082 - 0 0 - - 0\n"
SERVERS = """
import socket
haproxy = socket.socket(socket.AF_UNIX)
haproxy.connect("/run/gateway/worker.sock")
haproxy.sendall(b"show servers state\\n")
print(haproxy.makefile().read())
"""


@pytest.fixture
def run_folder(tmp_path):
    tmp_path.chmod(0o777)
    return tmp_path


@pytest.fixture
def haproxy(run_folder):
    """HAProxy where no name is ever found, with what it was told of its servers."""
    (run_folder / "server-state").write_text(with_activators(PROVIDER, STATE.names))
    mounts = ["-v", f"{GOLDEN}:/config:ro", "-v", f"{run_folder}:/run/gateway", "--entrypoint", "haproxy"]
    started = docker("run", "-d", *mounts, "bookstore/gateway:latest", "-W", "-f", "/config/haproxy.cfg")
    yield started
    docker("rm", "--force", started)


def test_a_worker_calls_activators_that_it_never_looked_up(haproxy, run_folder):
    eventually((run_folder / "worker.sock").exists, within=10, what="HAProxy's start")
    servers = docker("exec", haproxy, "python", "-c", SERVERS)
    rows = (line.split() for line in servers.splitlines() if " activator " in line)
    addresses = {row[1]: f"{row[4]}:{row[18]}" for row in rows}
    assert addresses == {f"fn-{name}": "10.0.1.6:8083" for name in STATE.names}
