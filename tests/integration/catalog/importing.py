"""Send a file, and let it be worked off as the connector would."""

from typing import Any

from bookstore.database import Connection, fetch_one
from tests.handlers import Answer, call

HEAD = "sku,title,authors,price_cents,stock\n"
PART = 1024 * 1024


def started(token: str, content: str | bytes, *, size: int = PART, **said: Any) -> str:
    """The id of a new import whose file is there."""
    whole = content if isinstance(content, bytes) else content.encode()
    parts = [whole[at : at + size] for at in range(0, len(whole), size)]
    answer = call("start-import", {"format": "csv", "parts": len(parts), **said}, token=token)
    assert answer.status == 201, answer.body
    import_id: str = answer.body["id"]
    for number, part in enumerate(parts, 1):
        assert send(token, import_id, number, part).status == 200
    return import_id


def send(token: str, import_id: str, number: int, part: bytes) -> Answer:
    """Send a part."""
    return call("add-import-part", part, path=f"/{import_id}/{number}", token=token)


def read(token: str, import_id: str) -> Any:
    """The import as it is."""
    return call("get-import", path=f"/{import_id}", token=token).body


def run(token: str, import_id: str) -> Answer:
    """Ask for the run."""
    return call("run-import", path=f"/{import_id}/run".removesuffix("/run"), token=token)


def due(db: Connection) -> bytes:
    """The last event that asked for an import to be worked off."""
    row = fetch_one(db, "SELECT body FROM outbox WHERE type = 'import.due' ORDER BY id DESC LIMIT 1")
    assert row
    body: bytes = row["body"].encode()
    return body


def worked(db: Connection, token: str, import_id: str) -> Any:
    """The import after what was asked for is worked off."""
    while (found := read(token, import_id))["status"] in ("checking", "running"):
        assert call("work-import", due(db)).status == 204
    return found


def imported(db: Connection, token: str, content: str | bytes, **said: Any) -> Any:
    """The import of a file, checked and run."""
    import_id = started(token, content, **said)
    assert worked(db, token, import_id)["status"] == "checked"
    assert run(token, import_id).status == 200
    return worked(db, token, import_id)


def problems(token: str, import_id: str) -> list[tuple[int, str, str]]:
    """Line, field and reason of everything that is wrong."""
    found, cursor = [], {}
    while True:
        page = call("list-import-problems", path=f"/{import_id}", query={"limit": "3", **cursor}, token=token).body
        found += [(item["line"], item["field"], item["reason"]) for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}
