"""The demo catalog: books that everybody knows, offered by sellers whom nobody can sign in as."""
