"""Debian packages on the host: installed only where a program is missing, and only by root."""

import os
import shutil
import subprocess
from collections.abc import Mapping

from deploy.errors import DeployError

_APT = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", "-y"]


def install(packages: Mapping[str, str], *, why: str) -> None:
    """Install the packages whose programs are missing; `packages` maps a program to the packages that bring it.

    Raises DeployError with the command to type when this user may not, or when apt-get fails.
    """
    missing = sorted({name for program, names in packages.items() if not _found(program) for name in names.split()})
    if not missing:
        return
    by_hand = f"run `apt-get install {' '.join(missing)}` as root"
    if os.geteuid() != 0:
        raise DeployError(f"{why} It is not installed: {by_hand}, then start again.")
    if not (_apt("install", *missing) or (_apt("update") and _apt("install", *missing))):
        raise DeployError(f"apt-get could not install {', '.join(missing)}: {by_hand} and look at its message.")


def available(package: str) -> bool:
    """Whether the host's package lists know a package."""
    shown = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return shown.returncode == 0


def _found(program: str) -> bool:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/local/sbin") is not None


def _apt(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run([*_APT, *arguments], env=environment, capture_output=True, check=False).returncode == 0
