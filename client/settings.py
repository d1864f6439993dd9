"""What the shop is told from outside, read once at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_DELIVERY_CENTS = {"standard": 399, "express": 899, "pickup": 0}


@dataclass(frozen=True)
class Settings:
    """The shop's settings.

    `session_keys` are Fernet keys: the first one seals and all of them open. `delivery_cents` is what the shop says a
    delivery costs before the order is placed; what the API charges is shown, and never paid unseen, when it differs.
    """

    api_url: str
    session_keys: tuple[str, ...]
    currency: str = "USD"
    delivery_cents: Mapping[str, int] = field(default_factory=lambda: dict(_DELIVERY_CENTS))

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read API_URL, CURRENCY, DELIVERY_<METHOD>_CENTS and the secret `client-session-key`.

        A missing secret stops the shop with its name.
        """
        return cls(
            api_url=os.environ.get("API_URL", "http://gateway:8000/api"),
            session_keys=tuple(_secret("client-session-key").split()),
            currency=os.environ.get("CURRENCY", "USD"),
            delivery_cents={
                method: int(os.environ.get(f"DELIVERY_{method.upper()}_CENTS", cents))
                for method, cents in _DELIVERY_CENTS.items()
            },
        )


def _secret(name: str) -> str:
    path = Path(os.environ.get("SECRETS_DIR", "/run/secrets")) / name
    try:
        return path.read_text().strip()
    except FileNotFoundError as error:
        raise RuntimeError(f"The secret {name} is missing: there is no file {path}.") from error
