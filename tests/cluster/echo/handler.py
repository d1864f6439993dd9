"""Says which replica answered, after as much work as a statement on a database takes."""

import socket
import time


def handle(event, context):
    time.sleep(0.05)
    return {"body": socket.gethostname()}
