"""`make rollback FN=name`: a function as it was before its last deployment."""

import requests

from deploy.errors import DeployError
from deploy.settings import Settings


def roll_back(settings: Settings, name: str) -> None:
    """Ask the gateway. Raises DeployError with the reason why not."""
    try:
        user, password = (
            (settings.state / "secrets" / f"basic-auth-{part}").read_text() for part in ("user", "password")
        )
        url = f"{settings.gateway_url}/system/rollback/{name}"
        answer = requests.post(url, auth=(user, password), timeout=60)
    except FileNotFoundError as error:
        raise DeployError(f"There is no stack {settings.stack} on this machine: `make up` makes it.") from error
    except requests.RequestException as error:
        raise DeployError(f"The gateway does not answer on {settings.gateway_url}: see `make status`.") from error
    if not answer.ok:
        raise DeployError(f"{name} stays as it is: {answer.text.strip()}.")
