"""The index on its volume: opened, built anew, kept up to date."""

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from tantivy import Index, IndexWriter, Query

from bookstore.catalog.index.documents import document, fingerprint, schema
from bookstore.catalog.index.tantivy_index import TantivyIndex
from bookstore.catalog.models import BooksQuery
from bookstore.database import Row

_WRITER_BYTES = 48 * 2**20
_BUILDING = "building"


class Store:
    """One index in a folder of its own, by the name of its making: another version of this program has another.

    `current` is what answers, None while there is nothing to ask.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._place = folder, folder / fingerprint()
        self.current: TantivyIndex | None = None
        self._index: Index | None = None
        self._writer: IndexWriter | None = None

    @property
    def books(self) -> int:
        """How many books the index has."""
        return int(self._index.searcher().num_docs) if self._index else 0

    def open(self) -> bool:
        """Take up the index that is there; False when there is none, or none that can be read."""
        if not self._place.exists():
            return False
        try:
            self._take(Index.open(str(self._place)))
        # What tantivy finds in a broken file is a ValueError at best and a panic, which is no Exception, at worst.
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            return False
        return True

    def build(self, books: Iterable[Row]) -> None:
        """Make the index anew from all books; what is there answers meanwhile."""
        building = self._folder / _BUILDING
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        index = Index(schema(), str(building))
        writer = _writer(index)
        for book in books:
            writer.add_document(document(book))
        writer.commit()
        writer.wait_merging_threads()
        self.close()
        for other in self._folder.iterdir():
            if other != building:
                shutil.rmtree(other)
        building.rename(self._place)
        self._take(Index.open(str(self._place)))

    def apply(self, numbers: Collection[int], books: Iterable[Row]) -> None:
        """Put in what became of the books with these numbers; those without a row are gone. On disk when it returns."""
        assert self._index, "there is an index by then"
        # One that failed stays as it is, so the next time has another.
        writer, self._writer = self._writer or _writer(self._index), None
        for number in numbers:
            # Its sibling that takes a term finds no unsigned numbers.
            writer.delete_documents_by_query(Query.term_query(self._index.schema, "number", number, "basic"))
        for book in books:
            writer.add_document(document(book))
        writer.commit()
        self._index.reload()
        self._writer = writer

    def close(self) -> None:
        """Finish what is being written, and let another process write."""
        writer, self._writer = self._writer, None
        if writer:
            writer.wait_merging_threads()

    def _take(self, index: Index) -> None:
        index.config_reader("manual")
        index.reload()
        taken = TantivyIndex(index)
        # Reads from every file that searches read from.
        taken.find(BooksQuery(q="a", facets=True, sort="title"))
        self._writer = _writer(index)
        self._index, self.current = index, taken


def _writer(index: Index) -> IndexWriter:
    return index.writer(heap_size=_WRITER_BYTES, num_threads=1)
