"""Build the images: each when its tag is absent, those that do not wait for each other side by side."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import docker
from docker.errors import APIError, BuildError, ImageNotFound

from deploy.debian import RELEASE, ensure_debian
from deploy.debian import TAG as DEBIAN
from deploy.errors import DeployError
from deploy.mirror import host_options, sources_for
from deploy.packages import install
from deploy.progress import Report
from deploy.recipes import RECIPES, Plan, Recipe, archive, plans
from deploy.settings import ROOT

_LOGS = ROOT / ".state" / "logs"
_CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
# Installing packages waits for the network as much as for a core; more than this only takes memory.
_AT_ONCE = max(3, (os.cpu_count() or 1) + 1)


def build_images(engine: docker.DockerClient, report: Report, recipes: Iterable[Recipe] = RECIPES) -> dict[str, str]:
    """Have every image; return name → id. Raises DeployError naming the first that failed and its log."""
    planned = plans(DEBIAN, recipes)
    if not _all_present(engine, planned):
        ensure_debian(engine, report)
    return _Builds(engine, planned, host_files(), report).run()


def images_present(engine: docker.DockerClient) -> bool:
    """Whether nothing has to be built."""
    return _all_present(engine, plans(DEBIAN))


def host_files() -> dict[str, bytes]:
    """What builds need to know of this host; it changes no tag, for it changes nothing that runs later."""
    install({"update-ca-certificates": "ca-certificates"}, why="Builds check whom they download from.")
    pip = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    return {
        "host/apt.conf": "\n".join([*host_options(), ""]).encode(),
        "host/sources.list": sources_for(RELEASE).encode(),
        "host/ca-certificates.crt": _CA_BUNDLE.read_bytes(),
        "host/pip.conf": pip_configuration(pip.stdout).encode(),
    }


def pip_configuration(listing: str) -> str:
    """A pip.conf with the indexes of `pip config list`: lines such as `global.index-url='https://…'`."""
    wanted = ("index-url", "extra-index-url", "trusted-host", "proxy")
    lines = ["[global]"]
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        option = key.rpartition(".")[2].replace("_", "-")
        if option in wanted and key.startswith(("global.", ":env:.")):
            lines.append(f"{option} = {value.strip().strip(chr(39))}")
    return "\n".join([*lines, ""])


class _Builds:
    """All builds of one run; an image waits for those it starts from."""

    def __init__(
        self, engine: docker.DockerClient, planned: Mapping[str, Plan], host: Mapping[str, bytes], report: Report
    ) -> None:
        self._engine, self._plans, self._host, self._report = engine, planned, host, report
        self._turns = threading.Semaphore(_AT_ONCE)
        self._ids: dict[str, Future[str]] = {}

    def run(self) -> dict[str, str]:
        with ThreadPoolExecutor(len(self._plans)) as pool:
            for name, plan in self._plans.items():
                self._ids[name] = pool.submit(self._ensure, plan)
        return {name: future.result() for name, future in self._ids.items()}

    def _ensure(self, plan: Plan) -> str:
        for parent in plan.recipe.parents.values():
            if parent in self._ids:
                self._ids[parent].result()
        found = _find(self._engine, plan.tag)
        if found is None:
            with self._turns:
                self._report(f"image {plan.recipe.name}")
                found = self._build(plan)
        self._engine.api.tag(found, f"bookstore/{plan.recipe.name}", "latest")
        return found

    def _build(self, plan: Plan) -> str:
        dockerfile = plan.files["Dockerfile"]
        host = {path: data for path, data in self._host.items() if path.encode() in dockerfile}
        proxies = {name: os.environ[name] for name in _PROXIES if name in os.environ}
        stream = self._engine.api.build(
            fileobj=archive({**plan.files, **host}),
            custom_context=True,
            tag=plan.tag,
            buildargs={**plan.arguments, **proxies},
            rm=True,
            forcerm=True,
            decode=True,
        )
        _follow(plan.recipe.name, stream)
        return str(self._engine.images.get(plan.tag).id)


def _all_present(engine: docker.DockerClient, planned: Mapping[str, Plan]) -> bool:
    return all(_find(engine, plan.tag) is not None for plan in planned.values())


def _follow(name: str, stream: Iterator[dict[str, object]]) -> None:
    _LOGS.mkdir(parents=True, exist_ok=True)
    log = _LOGS / f"build-{name}.log"
    with log.open("w") as out:
        try:
            for message in stream:
                out.write(str(message.get("stream", "")))
                if "error" in message:
                    raise DeployError(f"The image {name} could not be built ({message['error']}): see {log}.")
        except (APIError, BuildError) as error:
            raise DeployError(f"The engine refused to build the image {name} ({error}): see {log}.") from error


def _find(engine: docker.DockerClient, tag: str) -> str | None:
    try:
        return str(engine.images.get(tag).id)
    except ImageNotFound:
        return None
