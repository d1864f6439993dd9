"""Requests and walks that are made up: the same ones in every run, or others where WALK_SEED says so.

`WALK_SEED=new` draws a seed, which the run tells at its end; `WALK_SEED=<number>` makes up what that run did.
"""

import os
import secrets


def seed() -> int | None:
    """The seed of this run; None where it makes up what every run does. Raises ValueError where it is no number."""
    said = os.environ.get("WALK_SEED", "")
    if said == "new":
        # Processes that this one starts make up the same.
        os.environ["WALK_SEED"] = said = str(secrets.randbelow(2**32))
    return int(said) if said else None


SEED = seed()
THE_SAME = SEED is None
