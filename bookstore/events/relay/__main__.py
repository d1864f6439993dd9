"""Run the relay for every domain: `python -m bookstore.events.relay`. SIGTERM ends it between two batches."""

import logging
import signal
import threading

from prometheus_client import start_http_server

from bookstore import logs
from bookstore.events.relay import metrics
from bookstore.events.relay.loop import DomainRelay
from bookstore.events.relay.publisher import Publisher
from bookstore.events.relay.settings import Settings

log = logging.getLogger("bookstore.events.relay")


def main() -> None:
    """Relay until SIGTERM or SIGINT."""
    logs.start()
    settings = Settings.read()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    start_http_server(settings.metrics_port)
    relay(settings, stop)
    log.info("the relay has stopped")


def relay(settings: Settings, stop: threading.Event) -> None:
    """Move the events of every domain until `stop` is set."""
    publisher = Publisher(settings.amqp_url, pause=settings.pause, confirm_timeout=settings.confirm_timeout)
    metrics.CONNECTED.set_function(lambda: publisher.connected)
    publisher.start()
    threads = [
        threading.Thread(target=DomainRelay(domain, url, publisher, settings).run, args=[stop], name=domain)
        for domain, url in settings.database_urls.items()
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join()
    publisher.stop()


if __name__ == "__main__":
    main()
