"""The reviewed configuration is one that HAProxy accepts."""

import subprocess
from pathlib import Path

from faas.gateway.configuration import render
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
