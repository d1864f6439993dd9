"""`python -m deploy up|down|destroy|status|logs|build|rollback|audit`: the commands behind the Makefile."""

import sys
from collections.abc import Callable

import docker
from docker.errors import DockerException

from deploy.audit import audit
from deploy.destroy import destroy
from deploy.engine import connect, ensure_engine
from deploy.errors import DeployError
from deploy.images import build_images
from deploy.progress import Progress
from deploy.recipes import RECIPES_WITH_REGISTRY
from deploy.rollback import roll_back
from deploy.settings import Settings, read_settings
from deploy.status import follow_logs, show_status
from deploy.stop import stop
from deploy.up import up

Command = Callable[[Settings, Progress, list[str]], int]


def _up(settings: Settings, progress: Progress, _: list[str]) -> int:
    up(settings, progress)
    return 0


def _down(settings: Settings, progress: Progress, _: list[str]) -> int:
    stop(_running(), settings, progress)
    return 0


def _destroy(settings: Settings, progress: Progress, _: list[str]) -> int:
    destroy(_running(), settings, progress)
    return 0


def _status(settings: Settings, progress: Progress, _: list[str]) -> int:
    return 0 if show_status(_running(), settings, progress) else 1


def _logs(settings: Settings, _: Progress, names: list[str]) -> int:
    return follow_logs(_running(), settings, names)


def _roll_back(settings: Settings, progress: Progress, names: list[str]) -> int:
    if len(names) != 1:
        raise DeployError("Say which function: make rollback FN=name")
    roll_back(settings, names[0])
    progress.say(f"{names[0]} goes back to what ran before its last deployment. The same command undoes that.")
    return 0


def _audit(settings: Settings, progress: Progress, arguments: list[str]) -> int:
    with progress.step("Audit"):
        printed, balanced = audit(_running(), settings, arguments)
    progress.say(printed)
    return 0 if balanced else 1


def _build(_: Settings, progress: Progress, __: list[str]) -> int:
    with progress.step("Images") as tell:
        build_images(ensure_engine(), tell, RECIPES_WITH_REGISTRY)
    return 0


COMMANDS: dict[str, Command] = {
    "up": _up, "down": _down, "destroy": _destroy, "status": _status, "logs": _logs, "build": _build,
    "rollback": _roll_back, "audit": _audit,
}  # fmt: skip


def _running() -> docker.DockerClient:
    engine = connect()
    if engine is None:
        raise DeployError("Docker's engine is not running, and so nothing of the shop is: `make up` starts both.")
    return engine


def main(arguments: list[str]) -> int:
    """Run a command and return its exit status; every failure ends in a sentence on standard error."""
    if not arguments or arguments[0] not in COMMANDS:
        sys.stderr.write(f"Usage: python -m deploy {'|'.join(COMMANDS)}\n")
        return 2
    try:
        return COMMANDS[arguments[0]](read_settings(), Progress(), arguments[1:])
    except DeployError as error:
        sys.stderr.write(f"{error}\n")
    except DockerException as error:
        sys.stderr.write(f"Docker's engine refused: {error}. Run `make {arguments[0]}` again.\n")
    except KeyboardInterrupt:
        sys.stderr.write(f"Interrupted: `make {arguments[0]}` may be started again at any time.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
