"""Cursors come back as they went out, and nothing else counts as one."""

import base64

import pytest

from bookstore.catalog.cursors import Cursor
from bookstore.errors import InvalidFields


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor("newest", (), 7),
        Cursor("-price", (10**9,), 2**33 - 1),
        Cursor("title", ("ünï/+ ?",), 1),
        Cursor("bestselling", (0,), 1),
        Cursor("relevance", (4, 12), 1),
    ],
)
def test_a_cursor_comes_back_as_it_went_out(cursor):
    assert Cursor.read(cursor.write(), cursor.sort) == cursor
    assert cursor.write().isascii()


def forged(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "====", "ü", "not a cursor", forged("{}"), forged('["price"]'), forged('["price", ["1"], 1]')),
        *(forged('["price", [1], "b"]'), forged('["price", [1.5], 1]'), forged('["price", [null], 1]')),
        *(forged('["price", ["\\ud800"], 1]'), forged('["price", [true], 1]'), Cursor("title", ("x",), 1).write()),
        *(forged('["price", [], 1]'), forged('["price", [1, 1], 1]'), forged('["price", [-1], 1]')),
        *(forged('["price", [1], -1]'), forged(f'["price", [1], {2**33}]'), forged(f'["price", [{10**30}], 1]')),
    ],
)
def test_anything_else_is_a_mistake_of_the_readers(text):
    with pytest.raises(InvalidFields) as caught:
        Cursor.read(text, "price")
    assert caught.value.errors[0]["field"] == "cursor"
