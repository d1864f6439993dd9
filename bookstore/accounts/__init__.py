"""Accounts: who people are, how they sign in, and for how long that counts."""
