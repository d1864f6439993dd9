"""Columns as Go's tabwriter lays them out."""

from collections.abc import Sequence


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, every column but the last as wide as its widest cell and a blank."""
    widths = [max(map(len, column)) + 1 for column in zip(*rows, strict=True)][:-1]
    return ["".join(f"{cell:<{width}}" for cell, width in zip(row, [*widths, 0], strict=True)) for row in rows]
