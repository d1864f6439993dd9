"""The catalog: what sellers offer, and how it is found."""
