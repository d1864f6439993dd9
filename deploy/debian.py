"""The root file system that all images start from: pulled when a registry answers, otherwise made from the mirror."""

import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import docker
from docker.errors import ImageNotFound

from deploy.errors import DeployError
from deploy.mirror import host_options, sources_for
from deploy.packages import install
from deploy.progress import Report
from deploy.pulls import pull

RELEASE = "trixie"
TAG = f"bookstore/debian:{RELEASE}"
_PUBLISHED = ("debian", f"{RELEASE}-slim")


def ensure_debian(engine: docker.DockerClient, report: Report) -> None:
    """Have the root file system as an image. Raises DeployError saying how to get at one."""
    try:
        engine.images.get(TAG)
    except ImageNotFound:
        report("Debian's root file system")
        image = pull(engine, *_PUBLISHED)
        if image is None:
            _make(engine)
        else:
            image.tag(TAG)


def _make(engine: docker.DockerClient) -> None:
    install({"mmdebstrap": "mmdebstrap debian-archive-keyring"}, why="mmdebstrap makes the images' root file system.")
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "root.tar"
        command = ["mmdebstrap", "--variant=minbase", "--quiet", *_options(host_options()), RELEASE, str(archive)]
        # With no mirror on the command line mmdebstrap takes Debian's own.
        command += sources_for(RELEASE).splitlines()
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            last = (made.stderr.strip().splitlines() or ["no message"])[-1]
            raise DeployError(f"mmdebstrap could not make Debian {RELEASE} ({last}): check the host's apt mirror.")
        repository, tag = TAG.split(":")
        engine.api.import_image(str(archive), repository=repository, tag=tag)


def _options(apt_lines: Iterable[str]) -> list[str]:
    excluded = ("doc", "info", "locale", "man")
    return [f"--aptopt={line}" for line in apt_lines] + [
        f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in excluded
    ]
