"""`logs`: what is asked for, and how a line is shown."""

import pytest

LINES = (
    b'{"name":"f","namespace":"ns","instance":"i1","timestamp":"2026-01-02T03:04:05.123456789Z","text":"a <b>\\n"}\n'
    b'{"name":"f","namespace":"ns","instance":"i2","timestamp":"2026-01-02T05:04:05+02:00","text":"\xc3\xbc"}  '
)


@pytest.fixture(autouse=True)
def written(gateway):
    gateway.on("GET /system/logs", 200, LINES)


@pytest.mark.parametrize(
    ("flags", "query"),
    [
        ([], "follow=true&name=f&tail=-1"),
        (["--tail=false", "--lines", "5", "-n", "ns"], "follow=false&name=f&namespace=ns&tail=5"),
        (["--lines=0", "-t"], "follow=true&name=f"),
        (["--since-time", "2026-01-02T03:04:05Z"], "follow=true&name=f&since=2026-01-02T03%3A04%3A05Z&tail=-1"),
    ],
)
def test_flags_become_the_query(cli, gateway, flags, query):
    cli("logs", "f", *flags)
    assert gateway.lines == [f"GET /system/logs?{query}"]


def test_a_duration_becomes_a_time(cli, gateway):
    cli("logs", "f", "--since", "10m")
    assert "&since=20" in gateway.lines[0]


@pytest.mark.parametrize(
    ("flags", "lines"),
    [
        ([], ["2026-01-02T03:04:05Z a <b>", "2026-01-02T05:04:05+02:00 ü"]),
        (["--name", "--instance"], ["2026-01-02T03:04:05Z f (i1) a <b>", "2026-01-02T05:04:05+02:00 f (i2) ü"]),
        (["--time-format", ""], ["a <b>", "ü"]),
        (["--time-format", "rfc3339nano"], ["2026-01-02T03:04:05.123456789Z a <b>", "2026-01-02T05:04:05+02:00 ü"]),
        (["--time-format", "2 Jan 06 3:04:05.000PM"], ["2 Jan 26 3:04:05.123AM a <b>", "2 Jan 26 5:04:05.000AM ü"]),
        (
            ["-o", "keyvalue", "--instance"],
            [
                'timestamp="2026-01-02T03:04:05Z" instance="i1" text="a <b>" ',
                'timestamp="2026-01-02T05:04:05+02:00" instance="i2" text="ü" ',
            ],
        ),
        (
            ["-o", "json"],
            [
                '{"name":"f","namespace":"ns","instance":"i1","timestamp":"2026-01-02T03:04:05.123456789Z",'
                '"text":"a \\u003cb\\u003e\\n"}',
                '{"name":"f","namespace":"ns","instance":"i2","timestamp":"2026-01-02T05:04:05+02:00","text":"ü"}',
            ],
        ),
    ],
)
def test_lines_are_shown_as_asked(cli, flags, lines):
    assert cli("logs", "f", *flags).out.splitlines() == lines


def test_a_broken_stream_ends_the_output_with_a_remark(cli, gateway):
    gateway.on("GET /system/logs", 200, LINES + b"{broken")
    ran = cli("logs", "f")
    assert (ran.status, len(ran.out.splitlines())) == (0, 2)
    assert ran.err == "cannot parse log results: {broken\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Function name is required"),
        (["f", "-o", "xml"], 'Invalid argument "xml" for "-o, --output" flag: unknown log format: \'xml\''),
        (["f", "--since", "soon"], 'Invalid argument "soon" for "--since" flag:'),
        (["f", "--since-time", "soon"], 'Invalid argument "soon" for "--since-time" flag:'),
    ],
)
def test_wrong_flags_are_refused(cli, arguments, message):
    ran = cli("logs", *arguments)
    assert (ran.status, ran.out[: len(message)]) == (1, message)


def test_a_refusal_of_the_gateway_is_shown(cli, gateway):
    gateway.on("GET /system/logs", 500, b"why")
    assert cli("logs", "f").out == "Server returned unexpected status code: 500 - why\n"
