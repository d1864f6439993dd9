"""Every row of OpenFaaS' contract names tests that exist, or a line that says what differs."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONTRACT, DIFFERS = ROOT / "docs" / "contract.md", ROOT / "docs" / "differs.md"


def rows(document: Path) -> Iterator[list[str]]:
    """The cells of every table's rows, headings left out."""
    lines = document.read_text().splitlines()
    for above, line in pairwise(lines):
        if line.startswith("| ") and above.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


ROWS = {cells[0]: cells[1] for cells in rows(CONTRACT)}


def functions_of(path: str) -> set[str]:
    file = ROOT / "tests" / path
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("held_by", ROWS.values(), ids=ROWS)
def test_what_holds_a_row_exists(held_by):
    named = re.findall(r"`((?:unit|integration|system)/[\w/]+\.py)(?:::(\w+))?`", held_by)
    assert named or "differs: " in held_by
    for path, name in named:
        assert functions_of(path) & {name} if name else functions_of(path), f"{path}::{name}"


@pytest.mark.parametrize("held_by", [text for text in ROWS.values() if "differs: " in text])
def test_what_differs_has_its_line(held_by):
    beginning = held_by.partition("differs: ")[2]
    assert [line for line in DIFFERS.read_text().splitlines() if line.removeprefix("| ").startswith(beginning)]


def test_no_row_is_told_twice():
    assert len(ROWS) == len(list(rows(CONTRACT)))
