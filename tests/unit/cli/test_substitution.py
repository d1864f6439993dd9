"""Variables in a stack file, as drone/envsubst replaces them."""

import pytest

from faas.cli.errors import CliError
from faas.cli.substitution import substitute

ENVIRONMENT = {"V": "Hello/World.txt", "W": "aBc", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain $V and {V}", "plain $V and {V}"),
        ("a $$ b $${V} $$$V", "a $ b ${V} $$V"),
        (r"x\/y x\\y x\y ${W/B/\/}", r"x/y x\y x\y a/c"),
        ("${V}", "Hello/World.txt"),
        ("${UNSET}|${EMPTY}", "|"),
        ("${UNSET:-d}${EMPTY:-d}${W:-d}", "ddaBc"),
        ("${UNSET:=d} ${UNSET=d} ${UNSET:?d} ${UNSET:+d}", "d d d d"),
        ("${UNSET:-http://127.0.0.1:8080}", "http://127.0.0.1:8080"),
        ("${UNSET:-a${NONE:-b}c}", "abc"),
        ("${UNSET:-}", ""),
        ("${W^^} ${W,,} ${W^} ${V,}", "ABC abc ABc hello/World.txt"),
        ("${#W}", "3"),
        ("${W:1} ${W:1:1} ${W:-1} ${W:9} ${W:0:9}", "Bc B aBc  aBc"),
        ("${V#*/} ${V%.*} ${V#Hello} ${V%x}", "World.txt Hello/World /World.txt Hello/World.txt"),
        ("${V##*o} ${V%%o*}", "rld.txt Hell"),
        (
            "${V/o/0} ${V//o/0} ${V/#Hello/Bye} ${V/%txt/md}",
            "Hell0/World.txt Hell0/W0rld.txt Bye/World.txt Hello/World.md",
        ),
        ("${V//o/}", "Hell/Wrld.txt"),
        ("# a comment with ${W}", "# a comment with aBc"),
    ],
)
def test_expressions_are_replaced(text, result):
    assert substitute(text, ENVIRONMENT) == result


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${V-d}", "missing closing brace"),
        ("${V", "missing closing brace"),
        ("${}", "unable to parse variable name"),
        ("${V:-d", "bad substitution"),
    ],
)
def test_what_is_not_understood_is_refused(text, message):
    with pytest.raises(CliError, match=message):
        substitute(text, ENVIRONMENT)
