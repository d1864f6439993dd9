"""The shop's own files under an address that names their content, so that browsers keep them for good."""

import gzip
from dataclasses import dataclass
from hashlib import blake2s
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

FOLDER = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Asset:
    """A file in memory, plain and compressed."""

    content: bytes
    packed: bytes
    kind: str
    fingerprint: str


def _load(path: Path) -> Asset:
    content = path.read_bytes()
    kind = guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, gzip.compress(content, mtime=0), kind, blake2s(content, digest_size=6).hexdigest())


def register(app: Flask) -> None:
    """Serve the files below `/static/` and give templates the function `asset(name)`."""
    assets = {path.name: _load(path) for path in sorted(FOLDER.iterdir())}

    @app.get("/static/<fingerprint>/<name>")
    def static_file(fingerprint: str, name: str) -> Response:
        found = assets.get(name)
        if not found or found.fingerprint != fingerprint:
            abort(404)
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(found.packed if packed else found.content, content_type=f"{found.kind}; charset=utf-8")
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.vary.add("Accept-Encoding")
        return response

    @app.template_global()
    def asset(name: str) -> str:
        return url_for("static_file", fingerprint=assets[name].fingerprint, name=name)
