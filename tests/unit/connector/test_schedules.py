"""When a function is due."""

from datetime import UTC, datetime, timedelta

import pytest

from faas.connector.schedules import parse
from faas.durations import seconds

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("* * * * *", NOON + timedelta(minutes=1)),
        ("*/15 * * * *", NOON + timedelta(minutes=15)),
        ("0 3 * * *", datetime(2026, 1, 3, 3, 0, tzinfo=UTC)),
        ("30 8 1 * *", datetime(2026, 2, 1, 8, 30, tzinfo=UTC)),
        ("0 0 * * SUN", datetime(2026, 1, 4, tzinfo=UTC)),
        ("@every 30s", NOON + timedelta(seconds=30)),
        ("@every 1m30s", NOON + timedelta(seconds=90)),
    ],
)
def test_the_next_time_comes_after_the_moment(text, due):
    assert parse(text).after(NOON) == due


@pytest.mark.parametrize(
    "text",
    ["", "*", "* * * *", "* * * * * *", "61 * * * *", "0 0 31 2 *", "@every", "@every 0s", "@every soon", "@daily"],
)
def test_a_schedule_that_never_comes_or_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError, match=r"schedule|duration"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("500ms", 0.5), ("30s", 30), ("1m30s", 90), ("2h", 7200), ("1.5s", 1.5)]
)
def test_durations_are_read_as_go_writes_them(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "30", "s", "-1s", "1 s", "1d", "0s", "1s!"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="no duration"):
        seconds(text)
