"""Read CSV in constant memory, from any place on. A row that cannot be read costs that row only."""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bookstore.catalog.formulas import meant
from bookstore.catalog.imports.cells import reader, split_series
from bookstore.catalog.imports.entries import Entry, Place, Problem, Reading, Source, Unreadable, key_of
from bookstore.catalog.imports.models import Column, CsvIn, DefaultsIn

LONGEST_ROW = 256 * 1024
MOST_COLUMNS = 200
_TOO_LONG, _NOT_CLOSED = "too long", "end of data"
_CODECS = {"utf-8": "utf-8", "latin-1": "cp1252"}
_OURS: frozenset[str] = frozenset(Column.__args__)  # type: ignore[attr-defined]
_OF_CHOICE = ({"price", "price_cents"}, {"authors", "contributors"})
_SERIES = {"series": "title", "volume": "volume"}
# An empty cell says nothing about these; of the others it says that there is none.
_NEVER_EMPTY = frozenset(
    {"sku", "title", "authors", "contributors", "description_format", "condition", "price", "price_cents", "stock"}
)


@dataclass(frozen=True)
class _Line:
    raw: bytes
    length: int


@dataclass(frozen=True)
class _Row:
    place: Place
    after: Place
    cells: Sequence[str]
    wrong: str = ""


@dataclass(frozen=True)
class _Read:
    """How to read one column: where it stands, what it is called here, and by whom its cells are read."""

    index: int
    column: str
    read: Callable[[str], Any]


def read_csv(source: Source, place: Place, how: CsvIn, defaults: DefaultsIn, currency: str) -> Reading:
    """The file's entries from a place on. Raises Unreadable when its first line is none."""
    header, first = _header(source, how)
    columns = _columns(header, how, currency)
    lines = _Lines(source, max(place, first), _newline(source))
    given = frozenset(defaults.model_dump(exclude_none=True))
    for row in _rows(lines, how):
        yield _entry(row, len(header), columns, how, defaults, given), row.after


def _header(source: Source, how: CsvIn) -> tuple[Sequence[str], Place]:
    start = next(source.chunks(0), b"")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("The file is UTF-16. Save it as UTF-8.", 1)
    mark = len(b"\xef\xbb\xbf") if start.startswith(b"\xef\xbb\xbf") else 0
    row = next(_rows(_Lines(source, Place(mark, 1), _newline(source)), how), None)
    if row is None:
        raise Unreadable("The file is empty: its first line must name the columns.", 1)
    if row.wrong:
        raise Unreadable(f"The first line, which names the columns, {row.wrong}.", row.place.line)
    names = [name.strip() for name in row.cells]
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"The file has {len(names)} columns; {MOST_COLUMNS} are the most.", row.place.line)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Unreadable(f"The file has a column twice: {_listed(twice)}.", row.place.line)
    return names, row.after


def _newline(source: Source) -> bytes:
    start = next(source.chunks(0), b"")
    return b"\n" if b"\n" in start or b"\r" not in start else b"\r"


def _columns(header: Sequence[str], how: CsvIn, currency: str) -> list[_Read]:
    if how.columns is None:
        ours = {name.lower(): place for place, name in enumerate(header) if name}
        if unknown := [header[place] for name, place in ours.items() if name not in _OURS]:
            hint = "" if set(ours) & _OURS else f" Is {how.delimiter!r} what separates them?"
            raise Unreadable(f"The file has columns that are not known here: {_listed(unknown)}.{hint}", 1)
    else:
        if missing := [name for name in how.columns.values() if name not in header]:
            raise Unreadable(f"The file lacks columns: {_listed(missing)}.", 1)
        ours = {name: header.index(theirs) for name, theirs in how.columns.items()}
    for pair in _OF_CHOICE:
        if pair <= ours.keys():
            raise Unreadable(f"The file must not have both columns: {_listed(sorted(pair))}.", 1)
    return [
        _Read(place, name, reader(name, currency=currency, author_separator=how.author_separator))
        for name, place in ours.items()
    ]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:10])
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _entry(
    row: _Row, width: int, columns: Sequence[_Read], how: CsvIn, defaults: DefaultsIn, given: frozenset[str]
) -> Entry:
    line = row.place.line
    if row.wrong:
        return Entry(line, None, problems=(Problem("", row.wrong),))
    if len(row.cells) != width:
        told = f"has {len(row.cells)} cells, but the first line names {width} columns"
        return Entry(line, None, problems=(Problem("", told),))
    fields: dict[str, Any] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for column in columns:
        cell = row.cells[column.index]
        text = cell if column.column == "description" else cell.strip()
        if not text.strip():
            if column.column not in _NEVER_EMPTY and column.column not in given:
                fields[column.column] = None
            continue
        try:
            fields[column.column] = column.read(meant(_decoded(text, how)))
        except ValueError as error:
            if column.column == "isbn13" and how.wrong_isbn == "drop":
                fields["isbn13"] = None
                notes.append(Problem("isbn13", f"{error}; it was left out"))
            else:
                problems.append(Problem(column.column, str(error)))
    sku = fields.pop("sku", None)
    _joined(fields, how)
    try:
        key = None if problems else key_of(fields, sku, defaults.condition or "new", defaults.format)
    except ValueError as error:
        key = None
        problems.append(Problem("sku", str(error)))
    return Entry(line, key, fields, tuple(problems), tuple(notes))


def _joined(fields: dict[str, Any], how: CsvIn) -> None:
    """Make of what stands in several columns, or in one with another, what a listing has."""
    if "price" in fields:
        fields["price_cents"] = fields.pop("price")
    if "subjects" in fields and fields["subjects"] is None:
        fields["subjects"] = []
    parts = {part: fields.pop(column) for column, part in _SERIES.items() if column in fields}
    if parts:
        fields["series"] = parts
    if how.series_in_title and "title" in fields:
        fields["title"], found = split_series(fields["title"])
        if found or not fields.get("series"):
            fields["series"] = found


def _decoded(text: str, how: CsvIn) -> str:
    for character in text:
        if "\udc80" <= character <= "\udcff":
            raise ValueError(f"is not {how.encoding}: it has the byte {ord(character) - 0xDC00:#04x}")
    return text


def _rows(lines: "_Lines", how: CsvIn) -> Iterator[_Row]:
    """Rows, each read by itself. One that goes on without end is given up at its first line."""
    codec, known_until, known = _CODECS[how.encoding], 0, ""
    while lines.more():
        start = lines.place
        taken: list[_Line] = []
        alone = start.offset < known_until
        cells, wrong = _cells(islice(_texts(lines, taken, codec), 1 if alone else None), how.delimiter)
        if wrong:
            wrong = known if alone and _NOT_CLOSED in wrong else _told(wrong, len(taken))
            if len(taken) > 1:
                # A row that comes to one of these lines with its quote open ends as this one did: to find that out
                # again from each of them takes for ever.
                known_until, known = lines.place.offset - taken[-1].length, wrong
            lines.put_back(taken[1:])
        if cells or wrong:
            yield _Row(start, lines.place, cells, wrong)


def _texts(lines: "_Lines", taken: list[_Line], codec: str) -> Iterator[str]:
    room = LONGEST_ROW
    while line := lines.take():
        taken.append(line)
        room -= line.length
        if room < 0:
            raise csv.Error(_TOO_LONG)
        yield line.raw.decode(codec, "surrogateescape")


def _cells(texts: Iterator[str], delimiter: str) -> tuple[Sequence[str], str]:
    try:
        return next(csv.reader(texts, delimiter=delimiter, strict=True), []), ""
    except csv.Error as error:
        return [], str(error)


def _told(wrong: str, lines: int) -> str:
    too_long = _TOO_LONG in wrong or "field limit" in wrong
    if _NOT_CLOSED in wrong or (too_long and lines > 1):
        return "opens a quote that is not closed"
    if too_long:
        return f"is longer than {LONGEST_ROW // 1024} KiB, or has a cell longer than half of that"
    return "has a quote in the wrong place: double quotes inside of quotes"


class _Lines:
    """A file's lines. Of one that is longer than any row may be, only the length is kept."""

    def __init__(self, source: Source, place: Place, newline: bytes) -> None:
        self.place = place
        self._chunks = source.chunks(place.offset)
        self._newline = newline
        self._buffer, self._at = b"", 0
        self._back: deque[_Line] = deque()

    def more(self) -> bool:
        """Whether there is another line."""
        return bool(self._back) or self._fill()

    def take(self) -> _Line | None:
        """The next line with its end, or None."""
        line = self._back.popleft() if self._back else self._next()
        if line:
            self.place = Place(self.place.offset + line.length, self.place.line + 1)
        return line

    def put_back(self, lines: Sequence[_Line]) -> None:
        """Let lines that were taken last be taken again."""
        self._back.extendleft(reversed(lines))
        length = sum(line.length for line in lines)
        self.place = Place(self.place.offset - length, self.place.line - len(lines))

    def _fill(self) -> bool:
        while self._at >= len(self._buffer):
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self._buffer, self._at = chunk, 0
        return True

    def _next(self) -> _Line | None:
        kept, length = b"", 0
        while self._fill():
            end = self._buffer.find(self._newline, self._at) + 1
            piece = self._buffer[self._at : end or len(self._buffer)]
            self._at = end or len(self._buffer)
            length += len(piece)
            kept = kept + piece if length <= LONGEST_ROW else b""
            if end:
                break
        return _Line(kept, length) if length else None
