"""What is wrong with an import before anything is sent ends in a sentence."""

import hashlib
import json
import os
import tracemalloc
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bookstore.catalog.imports.models import ImportIn
from deploy import listings
from deploy.errors import DeployError
from deploy.listings import PART_BYTES, export_file, import_file
from deploy.progress import Progress
from deploy.settings import ROOT, read_settings

NOBODY = replace(read_settings({"STACK": "nobody-here"}), shop_port=1)
ANA = {"EMAIL": "ana@example.com", "PASSWORD": "a long enough pass phrase"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "books.csv"
    path.write_text("sku,title\n1,Emma\n")
    return path


def test_a_file_that_is_not_there_or_empty_is_told(tmp_path):
    with pytest.raises(DeployError, match="cannot be read"):
        import_file(NOBODY, Progress(), str(tmp_path / "none.csv"), ANA)
    (tmp_path / "empty.csv").touch()
    with pytest.raises(DeployError, match="is empty"):
        import_file(NOBODY, Progress(), str(tmp_path / "empty.csv"), ANA)


def test_a_file_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(listings, "_signed_in", lambda *_: None)
    with pytest.raises(DeployError, match="cannot be written: No such file"):
        export_file(NOBODY, Progress(), str(tmp_path / "none" / "out.csv"), ANA)


class Shop:
    """The API of a shop that takes every file, and has listings in so many pages of a MiB."""

    def __init__(self, pages: int = 0, written: Path = Path()) -> None:
        self.sent, self.digest, self._pages, self._written = [], hashlib.sha256(), pages, written

    def call(self, method, path, body=None, **_):
        if isinstance(body, bytes):
            self.sent.append((path, len(body)))
            self.digest.update(body)
        counts = {"rows": 1, "new": 1, "changed": 0, "unchanged": 0, "deleted": 0, "refused": 0}
        read = {"id": "i1", "status": "checked", "check": counts, "file_bytes": 1, "read_bytes": 1}
        return read | {"items": [], "next_cursor": None}

    def answer(self, method, path):
        number = int(path.partition("=")[2] or 1)
        # What came before is on the disk, but for what a file keeps back.
        assert self._written.stat().st_size >= (number - 1) * PART_BYTES - 2**17
        links = {"next": {"url": f"/api/exports/books?cursor={number + 1}"}} if number < self._pages else {}
        return SimpleNamespace(content=bytes(PART_BYTES), links=links)


@pytest.fixture
def peak():
    """The most memory that the test has taken so far, in MiB."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()


def test_a_file_is_sent_part_by_part_in_little_memory(tmp_path, monkeypatch, peak):
    monkeypatch.setattr(listings, "_signed_in", lambda *_: shop)
    path, shop, line = tmp_path / "long.csv", Shop(), b"sku,title".ljust(1023) + b"\n"
    with path.open("wb") as file:
        for _ in range(40 * 1024 + 1):
            file.write(line)
    assert import_file(NOBODY, Progress(), str(path), ANA | {"DRY": "1"}) == 0
    assert peak() < 8
    assert shop.sent == [(f"/imports/i1/parts/{number}", PART_BYTES) for number in range(1, 41)] + [
        ("/imports/i1/parts/41", 1024)
    ]
    with path.open("rb") as file:
        assert shop.digest.digest() == hashlib.file_digest(file, "sha256").digest()


def test_an_export_is_written_page_by_page_in_little_memory(tmp_path, monkeypatch, peak):
    path = tmp_path / "out.csv"
    shop = Shop(pages=20, written=path)
    monkeypatch.setattr(listings, "_signed_in", lambda *_: shop)
    assert export_file(NOBODY, Progress(), str(path), ANA) == 0
    assert path.stat().st_size == 20 * PART_BYTES
    assert peak() < 8


def test_what_cannot_be_measured_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)
    with pytest.raises(DeployError, match="cannot be read"):
        import_file(NOBODY, Progress(), str(tmp_path / "pipe"), ANA)
    os.close(writer)


@pytest.mark.parametrize("text", ["{", "[]", "1"])
def test_a_mapping_that_is_none_is_told(file, tmp_path, text):
    mapping = tmp_path / "mapping.json"
    mapping.write_text(text)
    with pytest.raises(DeployError, match="mapping"):
        import_file(NOBODY, Progress(), str(file), ANA | {"MAPPING": str(mapping)})


def test_a_stack_that_is_not_there_is_told(file, tmp_path):
    with pytest.raises(DeployError, match="no stack nobody-here"):
        import_file(NOBODY, Progress(), str(file), {})
    with pytest.raises(DeployError, match="got no answer"):
        export_file(NOBODY, Progress(), str(tmp_path / "out.csv"), ANA)


@pytest.mark.parametrize("mapping", sorted((ROOT / "deploy" / "mappings").glob("*.json")), ids=lambda path: path.stem)
def test_a_mapping_that_comes_with_the_shop_is_what_the_api_takes(mapping: Path):
    ImportIn.model_validate_json(json.dumps(json.loads(mapping.read_text()) | {"parts": 1}))


class Importing:
    """An API at which every file is wrong in the same way."""

    def call(self, method, path, *_, **__):
        if path.endswith("/problems?limit=20"):
            problem = {"line": 2, "field": "title", "reason": "field required", "refused": True}
            return {"items": [problem], "next_cursor": "1"}
        counts = {"rows": 12_000, "new": 0, "changed": 0, "unchanged": 0, "deleted": 0, "refused": 12_000}
        return {"id": "i", "status": "checked", "file_bytes": 1, "check": counts, "problems_left_out": 2_000}


def test_how_many_problems_are_not_kept_is_told(file, monkeypatch, capsys):
    monkeypatch.setattr(listings, "_signed_in", lambda *_: Importing())
    assert import_file(NOBODY, Progress(), str(file), ANA | {"DRY": "1"}) == 0
    shown = capsys.readouterr().out
    assert "12000 refused" in shown
    assert "2000 others were only counted" in shown
