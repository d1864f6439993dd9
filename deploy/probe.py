"""Runs inside the overlay network: `python - '{"name": "host:port/path", …}' SECONDS` prints who stayed silent.

An address without a path needs a connection, one with a path an answer below 400.
"""

import http.client
import json
import socket
import sys
import time

_TRY_SECONDS = 2
_PAUSE_SECONDS = 0.2


def complaint(address: str) -> str | None:
    """Why the address does not answer; None when it does."""
    place, slash, path = address.partition("/")
    host, _, port = place.partition(":")
    try:
        if not slash:
            with socket.create_connection((host, int(port)), _TRY_SECONDS):
                return None
        connection = http.client.HTTPConnection(host, int(port), timeout=_TRY_SECONDS)
        connection.request("GET", f"/{path}")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    return None if status < 400 else f"HTTP status {status}"


def main(addresses: dict[str, str], seconds: float) -> dict[str, str]:
    """Ask until all have answered or the time is over; return the complaints left."""
    deadline = time.monotonic() + seconds
    complaints = dict.fromkeys(addresses, "not asked")
    while complaints:
        asked = {name: complaint(addresses[name]) for name in complaints}
        complaints = {name: why for name, why in asked.items() if why is not None}
        if time.monotonic() > deadline:
            break
        if complaints:
            time.sleep(_PAUSE_SECONDS)
    return complaints


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]), float(sys.argv[2]))))
