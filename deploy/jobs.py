"""One-shot jobs on the platform's image: Swarm runs them to the end, with secrets and on the stack's network."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import docker
from docker.errors import APIError

from deploy.engine import last_line, run_docker
from deploy.errors import DeployError
from deploy.services import Task, remove, services_of, tasks_of
from deploy.settings import Settings

# A million books are audited, or written anew by a migration, in some minutes.
_SECONDS = 1800
_SERVICE_LABEL = "com.docker.swarm.service.name"
_OPTIONS = (
    "--detach", "--no-resolve-image", "--mode=replicated-job", "--endpoint-mode=dnsrr", "--restart-condition=none",
    "--limit-memory=256M", "--read-only", "--cap-drop=ALL",
    "--mount=type=tmpfs,target=/tmp", "--log-driver=json-file",
)  # fmt: skip


class JobFailed(DeployError):
    """A job did not succeed: the message has its last line, `printed` all of them."""

    def __init__(self, message: str, printed: str) -> None:
        super().__init__(message)
        self.printed = printed


def run_job(
    engine: docker.DockerClient,
    settings: Settings,
    image: str,
    module: str,
    secrets: Mapping[str, str],
    arguments: Sequence[str] = (),
) -> str:
    """Run `python -m <module>` to its end and return what it printed.

    `secrets` maps a file's name to the secret's name in Swarm. Raises JobFailed when it does not succeed.
    """
    name = f"{settings.stack}_job-{module.rpartition('.')[2].replace('_', '-')}"
    # The rest of a run that was interrupted.
    _remove(engine, settings, name)
    mounted = [f"--secret=source={full},target={file}" for file, full in secrets.items()]
    named = (f"--name={name}", f"--label=bookstore.job={settings.stack}", f"--network={settings.network}")
    # Loading books and repairing their copies tells of prices.
    told = f"--env=CURRENCY={settings.currency}"
    # Where its container is found and removed afterwards.
    here = f"--constraint=node.id=={engine.info()['Swarm']['NodeID']}"
    created = run_docker(
        "service", "create", *_OPTIONS, *named, here, told, *mounted, image, "python", "-m", module, *arguments
    )
    if created.returncode != 0:
        raise DeployError(f"Swarm refused the job {module}: {last_line(created.stderr)}.")
    try:
        outcome = _outcome(engine, name)
        printed = _printed(name)
    finally:
        _remove(engine, settings, name)
    if outcome.state != "complete":
        raise JobFailed(
            f"{module} {outcome.state}: {last_line(printed or outcome.error)}. Mend that and start again.", printed
        )
    return printed


def _remove(engine: docker.DockerClient, settings: Settings, name: str) -> None:
    remove([state.name for state in services_of(engine, settings.stack) if state.name == name])
    # Swarm forgets the container of a job that came to its end.
    for container in engine.containers.list(all=True, filters={"label": f"{_SERVICE_LABEL}={name}"}):
        with suppress(APIError):
            container.remove(force=True)


def _outcome(engine: docker.DockerClient, name: str) -> Task:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        for task in tasks_of(engine, name):
            if task.over:
                return task
        time.sleep(0.2)
    return Task("did not end", f"within {_SECONDS} s", "")


def _printed(name: str) -> str:
    logs = run_docker("service", "logs", "--raw", name)
    return (logs.stdout + logs.stderr).strip()
