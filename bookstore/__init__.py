"""The bookstore's business: accounts, catalog and orders, each with its own database, and their events."""
