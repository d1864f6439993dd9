"""What can be set from outside, read once at start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.errors import DeployError

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "gateway-config" / "images"


@dataclass(frozen=True)
class Settings:
    """The settings of one stack on one machine."""

    stack: str
    """Prefix of all names on the engine; two stacks live side by side. Default "bookstore"."""
    shop_port: int
    """The shop and /api. Default 8000."""
    gateway_port: int
    """The OpenFaaS gateway. Default 8080."""
    advertise_address: str
    """Where other nodes reach this one. Default 127.0.0.1, which nobody can join: right for one machine."""
    gateway: str
    """`builtin`, `upstream` (OpenFaaS' own in the path of calls and the API) or `auto`, which takes upstream's where
    it can be had. Default auto."""
    registry_port: int
    """Where several machines fetch images, on the one that holds the data. Default 5000."""
    cache_megabytes: int
    """What the gateway may keep of public answers, for everybody who asks the same within a second; 0 turns that off.
    Default 8, in each of HAProxy's workers: those that a reload replaced keep theirs until their last call ends."""
    demo: bool
    """Whether the demo catalog is loaded. Default yes."""
    currency: str
    """The one currency of all prices, ISO 4217: of the functions, the shop and the jobs alike. Default USD."""

    @property
    def state(self) -> Path:
        """The folder of this stack's secrets and other things to remember; git ignores it."""
        return ROOT / ".state" / self.stack

    @property
    def network(self) -> str:
        """The overlay network that everything joins."""
        return f"{self.stack}_platform"

    @property
    def shop_url(self) -> str:
        """The public entrance as seen from this machine."""
        return f"http://127.0.0.1:{self.shop_port}"

    @property
    def gateway_url(self) -> str:
        """The OpenFaaS gateway as seen from this machine."""
        return f"http://127.0.0.1:{self.gateway_port}"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raise DeployError naming the first that is wrong."""
    stack = environment.get("STACK") or "bookstore"
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", stack):
        raise DeployError(f"STACK={stack} is not a name: use up to 20 lower-case letters, digits and dashes.")
    gateway = environment.get("GATEWAY") or "auto"
    if gateway not in ("auto", "builtin", "upstream"):
        raise DeployError(f"GATEWAY={gateway} is none: leave it out, or use auto, builtin or upstream.")
    currency = environment.get("CURRENCY") or "USD"
    if not re.fullmatch("[A-Z]{3}", currency):
        raise DeployError(f"CURRENCY={currency} is none: use three capital letters, such as EUR.")
    settings = Settings(
        stack=stack,
        shop_port=_port(environment, "SHOP_PORT", 8000),
        gateway_port=_port(environment, "GATEWAY_PORT", 8080),
        advertise_address=environment.get("ADVERTISE_ADDR") or "127.0.0.1",
        gateway=gateway,
        registry_port=_port(environment, "REGISTRY_PORT", 5000),
        cache_megabytes=_number(environment, "CACHE_MB", 8, "a size: use a number from 0 to 4095", range(4096)),
        demo=(environment.get("DEMO") or "1") != "0",
        currency=currency,
    )
    if settings.shop_port == settings.gateway_port:
        raise DeployError(f"SHOP_PORT and GATEWAY_PORT are both {settings.shop_port}: choose two different ports.")
    return settings


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    return _number(environment, name, default, "a port: use a number from 1 to 65535", range(1, 65536))


def _number(environment: Mapping[str, str], name: str, default: int, what: str, allowed: range) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or int(text) not in allowed:
        raise DeployError(f"{name}={text} is not {what}.")
    return int(text)
