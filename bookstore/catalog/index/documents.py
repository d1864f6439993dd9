"""What the index keeps of a book, and under which names.

A change here or in what it is compared by makes another index: the service notices by the files' text, and builds it
anew.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from tantivy import Document, Schema, SchemaBuilder

from bookstore.catalog.search import kept
from bookstore.catalog.search.kept import DIGEST_BITS, digest
from bookstore.catalog.words import query_words, unspaced
from bookstore.database import Row

NUMBER_BITS = 33
EXACTLY = "="
_LONGEST_START = 20  # words
# 1DDU-GB-E is one step below 1DDU, and 1DDU-GB-EA one below that.
_SUBJECT_STEP = re.compile("(?:-[^-]+-)?[^-]|-.+")


def schema() -> Schema:
    """The fields. Those that begin with `by_` are what books are sorted by, each with the book's number at its end.

    `copy` is the number and the digest by which the document is told from the book.
    """
    builder = SchemaBuilder()
    for name in ("words", "title", "author"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("names", stored=True, tokenizer_name="whitespace", index_option="basic")
    for name in ("start", "isbn", "seller", "work", "series"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("subject", "format", "language", "condition", "by_title"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("price", "by_price", "by_sold", "copy"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_boolean_field("in_stock", indexed=True, fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def document(row: Row) -> Document:
    """A book as the index keeps it."""
    names = [person["name"] for person in json.loads(row["contributors"])]
    title, number = row["title_words"], row["number"]
    made = Document(
        words=" ".join((title, row["author_words"], row["other_words"])),
        title=title,
        author=row["author_words"],
        names=f"{title} {row['author_words']}",
        start=list(_starts(title)),
        seller=row["seller_id"],
        work=row["work_id"],
        condition=row["book_condition"],
        subject=list({term for subject in json.loads(row["subjects"]) for term in _subject_terms(subject)}),
        language=list(_with_wider((row["language"] or "").split("-"), "-")) if row["language"] else [],
        by_title=title_order(row["title_key"], number),
    )
    for field, column in (("isbn", "isbn13"), ("format", "format")):
        if row[column]:
            made.add_text(field, row[column])
    if row["series_title"]:
        made.add_text("series", series_term(row["series_title"]))
    for field, value in (("number", number), ("price", row["price_cents"])):
        made.add_unsigned(field, value)
    made.add_unsigned("by_price", numeric_order(row["price_cents"], number))
    made.add_unsigned("by_sold", numeric_order(row["sold"], number))
    made.add_unsigned("copy", number << DIGEST_BITS | digest(row))
    made.add_boolean("in_stock", row["stock"] > 0)
    made.add_bytes("shown", json.dumps([row["title"], names], ensure_ascii=False).encode())
    return made


def series_term(title: str) -> str:
    """A series as the database compares it: case and accents do not matter."""
    return " ".join(query_words(title))


def subject_steps(code: str) -> list[str]:
    """The letters of a Thema code, each of which makes it narrower; what a country added comes with its first one."""
    return _SUBJECT_STEP.findall(code.lower())


def plain_code(subject: str) -> str:
    """A Thema code in small letters without hyphens: a wider code is how a narrower one begins."""
    return subject.replace("-", "").lower()


def numeric_order(value: int, number: int) -> int:
    """A number to sort by `value`, then by the book's number."""
    return value << NUMBER_BITS | number


def title_order(key: str, number: int) -> str:
    """A text to sort by a title's words, then by the book's number. Hexadecimal, for queries are written with it."""
    return (key.encode() + b"\0" + number.to_bytes(8)).hex()


def title_and_number(order: str) -> tuple[str, int]:
    """What `title_order` was made of."""
    raw = bytes.fromhex(order)
    return raw[:-9].decode(), int.from_bytes(raw[-8:])


def fingerprint() -> str:
    """What tells indexes of different making apart."""
    texts = [Path(file).read_bytes() for file in (__file__, kept.__file__)]
    return hashlib.sha256(b"".join(texts) + version("tantivy").encode()).hexdigest()[:16]


def _starts(title: str) -> Iterator[str]:
    """Every way in which a title may be begun, and all of it without spaces, marked as such."""
    words = title.split()
    for count in range(1, min(len(words), _LONGEST_START) + 1):
        yield level(words[:count], " ")
    yield EXACTLY + unspaced(words)


def level(parts: Sequence[str], joint: str = "") -> str:
    """A code of so many steps. Each step has its own beginning, so that those one step narrower stand together."""
    return f"{len(parts)}:{joint.join(parts)}"


def _subject_terms(code: str) -> Iterator[str]:
    yield from _with_wider(subject_steps(code))
    if "-" in code:
        # Whoever asks may leave hyphens out or stop within a step; such terms are not counted.
        yield from (EXACTLY + plain_code(code[:end]) for end in range(code.index("-") + 2, len(code) + 1))


def _with_wider(parts: Sequence[str], joint: str = "") -> Iterator[str]:
    return (level(parts[:count], joint) for count in range(1, len(parts) + 1))
