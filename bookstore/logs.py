"""One JSON line for each thing worth telling, on stdout."""

import json
import logging
import sys

from bookstore.clock import now, rfc3339

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """Writes the message, what was given as `extra`, and the traceback of an error nobody expected."""

    def format(self, record: logging.LogRecord) -> str:
        """Make one line of JSON."""
        line = {"time": rfc3339(now()), "level": record.levelname.lower(), "message": record.getMessage()}
        line |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def start() -> None:
    """Send this process's log to stdout. pika tells every lost connection ten times over; its errors suffice."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("pika").setLevel(logging.CRITICAL)
