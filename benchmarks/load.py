"""Load from wrk, which costs the machine least of all generators."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Figures:
    """What a run measured: requests, those of a second, milliseconds at percentiles, failures (3xx to 5xx, broken)."""

    requests: int
    rate: float
    p50: float
    p95: float
    p99: float
    failed: int


def ensure_wrk() -> None:
    """Install wrk from Debian's packages. Raises SystemExit where that needs root."""
    if shutil.which("wrk"):
        return
    if os.geteuid() != 0:
        raise SystemExit("wrk is missing: run `apt-get install wrk` as root, then start again.")
    subprocess.run(["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq", "-y", "install", "wrk"], check=True)


def load(url: str, *, connections: int = 16, seconds: int = 5, **request: str) -> Figures:
    """Ask for `url` as fast as answers come; `request` is what the script takes: METHOD, PATHS, BODY…"""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(_SCRIPT), url]
    ran = subprocess.run(command, env={**os.environ, **request}, check=True, capture_output=True, text=True)
    told = json.loads(ran.stdout.strip().splitlines()[-1])
    return Figures(
        told["requests"], told["requests"] / told["seconds"], told["p50"], told["p95"], told["p99"], told["failed"]
    )
