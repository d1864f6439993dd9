"""`make import FILE=… [MAPPING=…]` and `make export FILE=…`: a seller's listings in and out, through the public API."""

import json
import os
import time
from collections.abc import Mapping
from io import SEEK_END, BufferedReader
from math import ceil
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.api import Api
from deploy.errors import DeployError
from deploy.progress import Progress as Lines
from deploy.settings import Settings

PART_BYTES = 1024 * 1024
_SHOWN_PROBLEMS = 20
_PAUSE_SECONDS = 0.5
# A part that is sent again is the same part.
_ATTEMPTS = 5


def import_file(settings: Settings, lines: Lines, path: str, environment: Mapping[str, str] = os.environ) -> int:
    """Send a file, let it be checked and run, and show what becomes of it; return the exit status.

    `MAPPING` names a JSON file with the body of `POST /api/imports`, without `parts`. `EMAIL` and `PASSWORD` say whose
    listings they are, otherwise the first admin's. With `DRY=1` it is checked only.
    """
    file, parts = _opened(path)
    with file, _bar(lines) as bar:
        said = {"format": _format(file.peek()), **_mapping(environment.get("MAPPING")), "parts": parts}
        api = _signed_in(settings, environment)
        started = api.call("POST", "/imports", said)
        address = f"/imports/{started['id']}"
        for number in bar.track(range(1, parts + 1), description="Sending"):
            _send(api, f"{address}/parts/{number}", file.read(PART_BYTES))
        checked = _wait(api, address, bar, "Checking", "checking")
    if checked["status"] == "failed":
        api.call("DELETE", address)
        raise DeployError(_failure(path, checked))
    _show_problems(api, address, lines, path, checked.get("problems_left_out", 0))
    lines.say(f"Found: {_told(checked['check'])}.")
    if environment.get("DRY") == "1":
        api.call("DELETE", address)
        lines.say("Nothing was changed. Without DRY=1 the file is run as well.")
        return 0
    begun = time.monotonic()
    api.call("POST", f"{address}/run")
    with _bar(lines) as bar:
        done = _wait(api, address, bar, "Running", "running")
    if done["status"] == "failed":
        raise DeployError(f"{_failure(path, done)} Until then: {_told(done['run'])}.")
    took = max(time.monotonic() - begun, 0.001)
    lines.say(f"Done: {_told(done['run'])}, {done['run']['rows'] / took:.0f} a second.")
    return 0


def export_file(settings: Settings, lines: Lines, path: str, environment: Mapping[str, str] = os.environ) -> int:
    """Write a seller's listings into a file that can be imported again; return the exit status."""
    api = _signed_in(settings, environment)
    written = 0
    address: str | None = "/exports/books"
    try:
        with Path(path).open("wb") as file:
            while address:
                answer = api.answer("GET", address)
                written += file.write(answer.content)
                found = answer.links.get("next")
                address = found["url"].removeprefix("/api") if found else None
    except OSError as error:
        raise DeployError(f"{path} cannot be written: {error.strerror}.") from error
    lines.say(f"{path} has {written} bytes.")
    return 0


def _opened(path: str) -> tuple[BufferedReader, int]:
    """A file at its beginning, and in how many parts it goes."""
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - the caller closes it
        size = file.seek(0, SEEK_END)
        file.seek(0)
    except OSError as error:
        raise DeployError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not size:
        raise DeployError(f"{path} is empty.")
    return file, ceil(size / PART_BYTES)


def _format(beginning: bytes) -> str:
    marks = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<")
    return "onix" if beginning.lstrip().startswith(marks) else "csv"


def _mapping(path: str | None) -> dict[str, Any]:
    if not path:
        return {}
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DeployError(f"The mapping {path} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise DeployError(f"The mapping {path} must be a JSON object, as POST /api/imports takes it.")
    return found


def _signed_in(settings: Settings, environment: Mapping[str, str]) -> Api:
    folder = settings.state / "secrets"
    try:
        email = environment.get("EMAIL") or (folder / "admin-email").read_text().strip()
        password = environment.get("PASSWORD") or (folder / "admin-password").read_text().strip()
    except FileNotFoundError as error:
        raise DeployError(f"There is no stack {settings.stack} on this machine: `make up` makes it.") from error
    api = Api(settings.shop_url)
    if (status := api.sign_in(email, password)) != 200:
        raise DeployError(f"{email} could not sign in (status {status}): check EMAIL and PASSWORD.")
    return api


def _send(api: Api, path: str, part: bytes) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            api.call("PUT", path, part, **{"Content-Type": "application/octet-stream"})
            return
        except DeployError:
            if attempt == _ATTEMPTS:
                raise
            time.sleep(_PAUSE_SECONDS * attempt)


def _wait(api: Api, address: str, bar: Progress, title: str, while_it_is: str) -> dict[str, Any]:
    task = bar.add_task(title, total=None)
    while True:
        found: dict[str, Any] = api.call("GET", address)
        read = found["file_bytes"] if found["status"] != while_it_is else found["read_bytes"]
        bar.update(task, total=found["file_bytes"], completed=read)
        if found["status"] != while_it_is:
            return found
        time.sleep(_PAUSE_SECONDS)


def _failure(path: str, found: Mapping[str, Any]) -> str:
    return f"{path}, line {found['failure']['line']}: {found['failure']['reason']}"


def _show_problems(api: Api, address: str, lines: Lines, path: str, left_out: int) -> None:
    page = api.call("GET", f"{address}/problems?limit={_SHOWN_PROBLEMS}")
    for problem in page["items"]:
        what = "refused" if problem["refused"] else "noted"
        lines.say(f"  {path}:{problem['line']}: {what}: {problem['field']} {problem['reason']}")
    if page["next_cursor"]:
        lines.say(f"  … and more: GET /api{address}/problems")
    if left_out:
        lines.say(f"  {left_out} others were only counted: mend these first, then check the file again.")


def _told(counts: Mapping[str, int]) -> str:
    named = ("new", "changed", "unchanged", "deleted", "refused")
    return f"{counts['rows']} rows: " + ", ".join(f"{counts[name]} {name}" for name in named if counts[name])


def _bar(lines: Lines) -> Progress:
    columns = (TextColumn("{task.description:10}"), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
    return Progress(*columns, TimeElapsedColumn(), console=lines.console)
