"""Every integration test runs against the real programs, in the project's own images."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _images_are_there(images: None) -> None:
    """Build what is missing before the first test."""
