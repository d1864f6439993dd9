"""The shop's log: one JSON line on stdout for what goes wrong, under the id that the request has in all parts."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from flask import Flask, has_request_context, request

from client.identity import call_id


class JsonLines(logging.Formatter):
    """Writes a record as one line; a request's path goes in, never its query, its form or its cookies."""

    def format(self, record: logging.LogRecord) -> str:
        """Make the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        if has_request_context():
            line |= {"request_id": call_id(), "method": request.method, "path": request.path}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def register(app: Flask) -> None:
    """Send what the shop logs to stdout."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    app.logger.handlers = [handler]
    app.logger.propagate = False
    app.logger.setLevel(logging.INFO)
