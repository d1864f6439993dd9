"""Put the demo's books on sale, through the domains and with their events."""

from bookstore.accounts import users
from bookstore.accounts.passwords import UNUSABLE
from bookstore.catalog.books import add_book
from bookstore.clock import now
from bookstore.database import Connection, execute, transaction
from bookstore.demo.shelf import SELLERS, Seller, offers
from bookstore.identity import User

_NAME = "demo"


def load() -> int:
    """Put the books on sale in one transaction; return how many, 0 when they were loaded before.

    What was deleted since stays deleted: a row tells that the collection was loaded.
    """
    return transaction("catalog", _list)


def _list(db: Connection) -> int:
    # Whoever loads at the same moment waits here until this one is done.
    first = execute(
        db,
        "INSERT INTO loads (name, loaded_at) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = name",
        [_NAME, now()],
    )
    if not first:
        return 0
    sellers, books = transaction("accounts", _sellers), list(offers())
    for seller, book in books:
        add_book(db, book, seller=sellers[seller], trace="", at=now())
    return len(books)


def _sellers(db: Connection) -> dict[Seller, User]:
    return {seller: _seller(db, seller) for seller in SELLERS}


def _seller(db: Connection, seller: Seller) -> User:
    account = users.find_by_email(db, seller.email) or users.add(
        db, email=seller.email, name=seller.name, role="user", password_hash=UNUSABLE, at=now()
    )
    return User(account.id, account.name, account.role)
