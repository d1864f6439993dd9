"""Run the search service: `python -m bookstore.catalog.index`. SIGTERM ends it between two batches."""

import os
import threading
from pathlib import Path

from aiohttp import web

from bookstore import logs
from bookstore.catalog.index.feeder import Feeder
from bookstore.catalog.index.server import application
from bookstore.catalog.index.store import Store
from bookstore.secrets import secret


def main() -> None:
    """Answer until SIGTERM or SIGINT.

    Secret `catalog-search-db`: a user who may read the books and empty the queue. INDEX_FOLDER: where the index is,
    default /var/lib/search. INDEX_PORT: where questions come in, default 9105.
    """
    logs.start()
    store, stop = Store(Path(os.environ.get("INDEX_FOLDER", "/var/lib/search"))), threading.Event()
    feeder = threading.Thread(target=Feeder(secret("catalog-search-db"), store).run, args=[stop], name="feeder")
    feeder.start()
    try:
        web.run_app(application(store), port=int(os.environ.get("INDEX_PORT", "9105")), print=None, access_log=None)
    finally:
        stop.set()
        feeder.join()


if __name__ == "__main__":
    main()
