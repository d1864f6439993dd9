"""The story that docs/api.md tells of the API is true: its requests are sent, and its answers come back."""

from tests.live import ROOT
from tests.system.shop import Shop
from tests.system.story import Values, perform, steps


def test_every_request_of_the_story_is_answered_as_it_is_told(shop: Shop) -> None:
    values: Values = {}
    for step in steps(ROOT / "docs" / "api.md"):
        values = perform(step, shop.url, values)
