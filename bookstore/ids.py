"""Identifiers: UUIDv7, which sort by the time they were made."""

from uuid_utils.compat import uuid7


def new_id() -> str:
    """Make an id, 36 characters."""
    return str(uuid7())
