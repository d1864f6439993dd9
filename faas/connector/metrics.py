"""What Prometheus sees of the connector."""

from prometheus_client import Counter, Gauge

DELIVERED = Counter("connector_delivered", "Messages that a function took.", ["function"])
RETRIED = Counter("connector_retried", "Calls that failed and will be made again.", ["function"])
DEAD_LETTERED = Counter("connector_dead_lettered", "Messages set aside in the dead-letter queue.", ["function"])
REPLAYED = Counter("connector_replayed", "Kept messages that went to a function which appeared later.", ["function"])
IN_FLIGHT = Gauge("connector_in_flight", "Messages with which the function is called, not yet settled.", ["function"])
WAITING = Gauge("connector_waiting", "Of these, those that wait for a free worker.")
CONNECTED = Gauge("connector_connected", "1 while this connector is the one that takes messages.")
LAST_TICK = Gauge("connector_last_tick_timestamp_seconds", "When a timer last called its function.", ["function"])
FAILED_TICKS = Counter("connector_failed_ticks", "Timers' calls that failed.", ["function"])
