"""Files in memory, in parts of any size."""

from bookstore.catalog.imports.csv_files import read_csv
from bookstore.catalog.imports.entries import Place
from bookstore.catalog.imports.models import CsvIn, DefaultsIn
from bookstore.catalog.imports.onix_products import read_onix

START = Place()


class Parts:
    """A file in parts; `read` counts the bytes that were asked for."""

    def __init__(self, content, size=1024 * 1024):
        self.parts = [content[at : at + size] for at in range(0, len(content), size)]
        self.read = 0

    def chunks(self, offset):
        for part in self.parts:
            if offset < len(part):
                self.read += len(part)
                yield part[offset:]
            offset = max(0, offset - len(part))


def csv_entries(content, place=START, *, size=1024 * 1024, defaults=None, **how):
    source = Parts(content if isinstance(content, bytes) else content.encode(), size)
    return list(read_csv(source, place, CsvIn(**how), DefaultsIn(**defaults or {}), "USD"))


def onix_entries(content, place=START, *, size=1024 * 1024, defaults=None, currency="USD"):
    source = Parts(content if isinstance(content, bytes) else content.encode(), size)
    return list(read_onix(source, place, DefaultsIn(**defaults or {}), currency))
