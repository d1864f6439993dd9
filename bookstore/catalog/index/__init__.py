"""The search service: an index of the catalog on a volume of its own, kept in step with the database."""
