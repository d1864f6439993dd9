"""Read ONIX for Books 3.0 and 3.1, by reference names and by short tags, in constant memory and from any product on.

Nothing is resolved or fetched: a document type may name a DTD, which nobody reads. One that declares anything itself,
and an entity that only the DTD could tell, end the reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from xml.parsers import expat

from bookstore.catalog.imports.entries import Place, Source, Unreadable
from bookstore.catalog.imports.onix_codes import REFERENCE

LARGEST_PRODUCT = 1024 * 1024
MOST_ELEMENTS = 10_000
_LARGEST_BEGINNING = 256 * 1024
_LARGEST_TAG = 512 * 1024
_DEEPEST = 50
_PIECE = 64 * 1024
_READ = frozenset(REFERENCE.values())


@dataclass
class Element:
    """An element of a product by its reference name, and what is in it: elements, text, and XHTML as HTML."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text in it, without the line breaks and spaces of its writer."""
        return " ".join("".join(self.pieces).split())

    def all(self, *path: str) -> Iterator["Element"]:
        """The elements at a path below this one."""
        tag, *rest = path
        for child in self.children:
            if child.tag == tag:
                yield from child.all(*rest) if rest else (child,)

    def first(self, *path: str) -> str:
        """The text of the first element at a path, or ""."""
        found = next(self.all(*path), None)
        return found.text if found else ""


@dataclass(frozen=True)
class Product:
    """A product, the line where it begins, and the header of its message; `wrong` says why it was not taken in."""

    line: int
    element: Element
    header: Element
    wrong: str = ""


def products(source: Source, place: Place) -> Iterator[tuple[Product, Place]]:
    """The products of a message from a place on, each with the place behind it. Raises Unreadable."""
    first, beginning = _beginning(source)
    if first is None:
        return
    start = max(place, first)
    # As if the message's beginning were followed by what is left to read.
    parser = _Parser(skipped=Place(start.offset - first.offset, start.line - first.line))
    parser.feed(beginning)
    for piece in _pieces(source, start.offset):
        parser.feed(piece)
        yield from parser.taken()
    parser.finish()
    yield from parser.taken()


def _beginning(source: Source) -> tuple[Place | None, bytes]:
    """Where the first product begins, and all before it; None for a message without products."""
    parser, read = _Parser(), b""
    for piece in _pieces(source, 0):
        parser.feed(piece)
        read += piece
        if parser.first:
            return parser.first, read[: parser.first.offset]
        if len(read) > _LARGEST_BEGINNING:
            raise Unreadable(f"No product begins in the first {_LARGEST_BEGINNING // 1024} KiB.", 1)
    parser.finish()
    return None, read


def _pieces(source: Source, offset: int) -> Iterator[bytes]:
    for chunk in source.chunks(offset):
        for start in range(0, len(chunk), _PIECE):
            yield chunk[start : start + _PIECE]


class _Parser:
    """Expat, and the tree of the one product that it is in. `skipped` is what was left out between feeds."""

    def __init__(self, skipped: Place = Place(0, 0)) -> None:  # noqa: B008
        self.first: Place | None = None
        self._skipped = skipped
        self._header = Element("Header", {})
        self._path: list[Element | None] = []
        self._product: Product | None = None
        self._began = self._elements = self._fed = 0
        self._wrong = ""
        self._ended: Product | None = None
        self._taken: list[tuple[Product, Place]] = []
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text
        self._expat.StartDoctypeDeclHandler = self._document_type
        self._expat.EntityDeclHandler = self._refuse_declarations
        # Where there is a DTD that could tell them, expat leaves out unknown entities without a word.
        self._expat.SkippedEntityHandler = self._refuse_entity

    def feed(self, piece: bytes) -> None:
        """Read on."""
        self._parse(piece, False)
        self._fed += len(piece)
        if self._fed - self._expat.CurrentByteIndex > _LARGEST_TAG:
            raise self._unreadable(f"A single tag is larger than {_LARGEST_TAG // 1024} KiB.")

    def finish(self) -> None:
        """Nothing more comes."""
        self._parse(b"", True)

    def taken(self) -> list[tuple[Product, Place]]:
        """The products read since the last time, each with the place of what follows it."""
        taken, self._taken = self._taken, []
        return taken

    def _parse(self, piece: bytes, last: bool) -> None:
        try:
            self._expat.Parse(piece, last)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise self._unreadable(f"The XML is not well-formed: {reason}.") from error
        except (ValueError, LookupError) as error:
            raise self._unreadable(f"The file's encoding cannot be read: {error}.") from error

    def _here(self) -> Place:
        return Place(
            self._expat.CurrentByteIndex + self._skipped.offset, self._expat.CurrentLineNumber + self._skipped.line
        )

    def _unreadable(self, reason: str) -> Unreadable:
        return Unreadable(reason, max(1, self._here().line))

    def _document_type(self, _name: str, _system: str | None, _public: str | None, has_declarations: int) -> None:
        if has_declarations:
            self._refuse_declarations()

    def _refuse_declarations(self, *_: Any) -> None:
        raise self._unreadable("The file's document type (DOCTYPE) has declarations of its own. Send it without them.")

    def _refuse_entity(self, name: str, _is_parameter: int) -> None:
        raise self._unreadable(f"No DTD is read, so nobody knows what &{name[:60]}; is. Write the character itself.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _reference(name)
        depth = len(self._path)
        if depth == 0:
            self._check_root(tag, attributes)
        if depth > _DEEPEST:
            raise self._unreadable(f"Tags are nested more than {_DEEPEST} deep.")
        self._path.append(self._element(tag, name, attributes, depth))

    def _check_root(self, tag: str, attributes: dict[str, str]) -> None:
        release = attributes.get("release", "3")
        if tag != "ONIXMessage":
            raise self._unreadable(f"The file is no ONIX message: it begins with {tag[:60]!r}.")
        if not release.startswith("3"):
            raise self._unreadable(f"The file is ONIX {release[:20]}: ask for ONIX 3.0 or 3.1.")

    def _element(self, tag: str, name: str, attributes: dict[str, str], depth: int) -> Element | None:
        if depth == 0:
            return Element(tag, attributes)
        if depth == 1:
            return self._top(tag, attributes)
        parent = self._path[-1]
        if parent is None or self._too_much():
            return None
        if parent.tag == "Text":
            parent.marked.append(f"<{name.rpartition(':')[2]}>")
            # What is in it belongs to the text itself.
            return parent
        if tag not in _READ:
            return None
        child = Element(tag, attributes)
        parent.children.append(child)
        return child

    def _top(self, tag: str, attributes: dict[str, str]) -> Element | None:
        here = self._here()
        if tag == "Product":
            self._let_go(here)
            self.first = self.first or here
            self._began, self._elements, self._wrong = here.offset, 0, ""
            self._product = Product(here.line, Element(tag, attributes), self._header)
            return self._product.element
        # A message has one, at its beginning, which is read again whenever reading goes on.
        return self._header if tag == "Header" and not self.first else None

    def _too_much(self) -> bool:
        self._elements += 1
        if self._product and not self._wrong:
            if self._elements > MOST_ELEMENTS:
                self._wrong = f"has more than {MOST_ELEMENTS} elements"
            elif self._here().offset - self._began > LARGEST_PRODUCT:
                self._wrong = f"is larger than {LARGEST_PRODUCT // 1024} KiB"
            if self._wrong:
                self._product.element.children.clear()
        return bool(self._wrong) or (self._product is None and self._elements > MOST_ELEMENTS)

    def _text(self, text: str) -> None:
        element = self._path[-1] if self._path else None
        if element is None or len(self._path) < 3 or self._too_much():
            return
        element.pieces.append(text)
        if element.tag == "Text":
            element.marked.append(escape(text, quote=False))

    def _end(self, name: str) -> None:
        element = self._path.pop()
        depth = len(self._path)
        if depth > 1 and element is not None and element is self._path[-1]:
            tag = name.rpartition(":")[2]
            # To HTML, which knows no end of it, </br> is another line break.
            element.marked += [f"</{tag}>"] if tag != "br" else []
        elif depth == 1 and self._product and element is self._product.element:
            self._ended = Product(self._product.line, self._product.element, self._header, self._wrong)
            self._product = None
        elif depth == 0:
            self._let_go(self._here())

    def _let_go(self, place: Place) -> None:
        """The last product is whole, and reading may go on behind it."""
        if self._ended:
            self._taken.append((self._ended, place))
            self._ended = None


def _reference(name: str) -> str:
    local = name.rpartition(":")[2]
    return REFERENCE.get(local, local)
