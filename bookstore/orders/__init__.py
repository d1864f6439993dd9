"""Orders: what is left of each book, who bought it, how it was paid and shipped."""
