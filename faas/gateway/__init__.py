"""The entrance: HAProxy carries the traffic, an agent beside it keeps its configuration and its figures."""
