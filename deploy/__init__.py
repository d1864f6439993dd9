"""What `make up` runs: from a bare Debian machine to a shop that has sold its first book."""
