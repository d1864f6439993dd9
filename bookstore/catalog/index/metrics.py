"""What Prometheus sees of the search service."""

from prometheus_client import Counter, Gauge, Histogram

BOOKS = Gauge("search_books", "Books in the index.")
WAITING = Gauge("search_waiting_changes", "Changes that the index read last and has yet to take in, 2000 at most.")
TAKEN_IN = Counter("search_changes", "Changes that the index took in.")
BUILDS = Counter("search_builds", "Times that the index was built anew.")
ERRORS = Counter("search_errors", "Turns that failed: no database, no space.")
SECONDS = Histogram(
    "search_seconds", "How long questions took.", ["question"], buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1)
)
