"""What is wrong with an import before anything is sent ends in a sentence."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bookstore.catalog.imports.models import ImportIn
from deploy import listings
from deploy.errors import DeployError
from deploy.listings import export_file, import_file
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
