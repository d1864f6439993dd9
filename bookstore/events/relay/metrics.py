"""What Prometheus sees of the relay."""

from prometheus_client import Counter, Gauge

PUBLISHED = Counter("relay_published", "Messages that the broker confirmed, an event or a batch each.", ["domain"])
ERRORS = Counter("relay_errors", "Turns that failed: no database, no broker, not confirmed.", ["domain"])
PENDING = Gauge("relay_pending_events", "Committed messages that wait to be published.", ["domain"])
OLDEST = Gauge("relay_oldest_pending_seconds", "For how long the oldest of them has waited.", ["domain"])
ACTIVE = Gauge("relay_active", "1 while this relay is the one that publishes the domain's events.", ["domain"])
CONNECTED = Gauge("relay_connected", "1 while there is a connection to RabbitMQ.")
