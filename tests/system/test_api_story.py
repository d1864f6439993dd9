"""The story that docs/api.md tells of the API is true: its requests are sent, and its answers come back."""

from tests.live import ROOT, Stack
from tests.system.shop import Shop
from tests.system.story import Values, perform, steps


def test_every_request_of_the_story_is_answered_as_it_is_told(shop: Shop, stack: Stack) -> None:
    # Of which the story's last part tells.
    stack.audit()
    values: Values = {f"ADMIN_{name.upper()}": stack.secret(f"admin-{name}") for name in ("email", "password")}
    for step in steps(ROOT / "docs" / "api.md"):
        values = perform(step, shop.url, values)
