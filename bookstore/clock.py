"""The time, always UTC and aware."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present time, to the microsecond that the databases keep."""
    return datetime.now(UTC)


def utc(stored: datetime) -> datetime:
    """Mark a time read from a database, which keeps UTC without saying so."""
    return stored.replace(tzinfo=UTC)


def rfc3339(moment: datetime) -> str:
    """Write a time as the API does: `2026-01-02T03:04:05.678901Z`. A naive time counts as UTC."""
    aware = moment if moment.tzinfo else utc(moment)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
