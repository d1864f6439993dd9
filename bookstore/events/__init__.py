"""The bookstore's events: how they look, how they leave a domain's database and how they arrive in another's."""
