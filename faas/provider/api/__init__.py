"""The provider's three ports: a module for each group of routes, and what they share."""
