"""The audit: everything balances in every domain's database, and every copy equals its source in another one.

It alone reads several domains' databases.
"""
