"""Debian's Chromium: found, or installed where it is missing."""

import os
import shutil
import subprocess

NAMES = ("chromium", "google-chrome")
PACKAGES = ("chromium", "fonts-dejavu-core")
LOCK_SECONDS = 300
NEEDED = f"The browser tests need Chromium. Install it as root: apt-get install {' '.join(PACKAGES)}"


def path() -> str:
    """Where the browser is, installed first if need be. Raises RuntimeError with what to do when that cannot be."""
    return _found() or _installed()


def _found() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _installed() -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise RuntimeError(NEEDED)
    _apt("update")
    _apt("install", "--yes", "--no-install-recommends", *PACKAGES)
    found = _found()
    if not found:
        raise RuntimeError(NEEDED)
    return found


def _apt(*arguments: str) -> None:
    """Run apt-get, waiting for anybody else who does; its words are shown when it fails."""
    command = ["apt-get", "-q", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{NEEDED}\n{' '.join(command)} failed:\n{done.stdout[-2000:]}")
