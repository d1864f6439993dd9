"""What container registries offer: asked with little patience, for a silent network takes it all to say no."""

import docker
import requests
from docker.errors import DockerException
from docker.models.images import Image

from deploy.settings import ROOT

_ANSWERS = ROOT / ".state" / "registries"
_ANSWER_SECONDS = 3


def pull(engine: docker.DockerClient, repository: str, tag: str, *, insist: bool = False) -> Image | None:
    """Pull an image. None when it cannot be had, which is remembered for its registry: only who insists asks again."""
    answer = _ANSWERS / host_of(repository)
    if not insist and answer.exists():
        return None
    try:
        docker.from_env(timeout=_ANSWER_SECONDS).images.get_registry_data(f"{repository}:{tag}")
        image: Image = engine.images.pull(repository, tag=tag)
    except (DockerException, requests.RequestException) as error:
        answer.parent.mkdir(parents=True, exist_ok=True)
        answer.write_text(f"{repository}:{tag}: {error}\n")
        return None
    answer.unlink(missing_ok=True)
    return image


def host_of(repository: str) -> str:
    """The host that serves a repository: `docker.io` when its name begins with none."""
    host, slash, _ = repository.partition("/")
    return host if slash and ("." in host or ":" in host or host == "localhost") else "docker.io"
