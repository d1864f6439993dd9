"""Readers who wait for a copy: whoever asked first is told first, and no more of them than there are copies.

A copy that somebody was told of is theirs to buy for a while; if it is still there afterwards, the next one hears of
it. What is asked each time is how things stand, never what has changed, so that an event that comes twice, late or not
at all tells nobody twice and forgets nobody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice, repeat

from bookstore.apart import each_apart
from bookstore.catalog.settings import wish_hold
from bookstore.clock import now
from bookstore.database import Connection, connection, execute, fetch_all, fetch_one, transaction
from bookstore.events.envelope import Event
from bookstore.events.outbox import append
from bookstore.money import currency

_AT_ONCE = 100
_WORKS = 100


@dataclass(frozen=True)
class Offer:
    """A listing with copies to be had."""

    id: str
    title: str
    price_cents: int
    stock: int


@dataclass(frozen=True)
class Waiter:
    """Somebody's wish; `version` counts how often they were told."""

    id: str
    user_id: str
    version: int


def shared_out(offers: Iterable[Offer], held: int, waiters: Sequence[Waiter]) -> list[tuple[Waiter, Offer]]:
    """Who is told of which copy: the cheapest first, but for those that are held for others."""
    cheapest_first = sorted(offers, key=lambda offer: (offer.price_cents, offer.id))
    copies = chain.from_iterable(repeat(offer, offer.stock) for offer in cheapest_first)
    return list(zip(waiters, islice(copies, held, None), strict=False))


def awaited(db: Connection, book_ids: Collection[str]) -> dict[str, str]:
    """The works that somebody waits for among those of some listings, by the listing."""
    if not book_ids:
        return {}
    rows = fetch_all(
        db,
        "SELECT id, work_id FROM books WHERE id IN %s"
        " AND EXISTS (SELECT 1 FROM wishes WHERE wishes.work_id = books.work_id AND asked_at IS NOT NULL)",
        [list(book_ids)],
    )
    return {row["id"]: row["work_id"] for row in rows}


def tell(db: Connection, work_id: str, *, trace: str, at: datetime) -> int:
    """Tell those who wait for a work of the copies that nobody holds, in the caller's transaction; return how many."""
    # Held until the transaction ends, so that two who look at the same copies look one after the other.
    offers = fetch_all(
        db, "SELECT id, title, price_cents, stock FROM books WHERE work_id = %s ORDER BY id FOR UPDATE", [work_id]
    )
    holds = fetch_one(db, "SELECT COUNT(*) AS held FROM wishes WHERE work_id = %s AND held_until > %s", [work_id, at])
    waiters = fetch_all(
        db,
        "SELECT id, user_id, version FROM wishes WHERE work_id = %s AND asked_at IS NOT NULL"
        " ORDER BY asked_at, id LIMIT %s FOR UPDATE",
        [work_id, _AT_ONCE],
    )
    told = shared_out(
        [Offer(**offer) for offer in offers], holds["held"] if holds else 0, [Waiter(**waiter) for waiter in waiters]
    )
    for waiter, offer in told:
        _tell(db, waiter, offer, trace, at)
    return len(told)


def tell_waiting(*, trace: str, at: datetime | None = None) -> int:
    """Tell the next ones of copies that those before them have not bought in time; return how many were told."""
    moment = at or now()

    def tell_all(work_id: str) -> int:
        tell_some = partial(tell, work_id=work_id, trace=trace, at=moment)
        return sum(iter(partial(transaction, "catalog", tell_some), 0))

    return each_apart(_to_be_told(moment), tell_all)[0]


def bring_along(db: Connection, moved: Mapping[str, str], *, leaving: Collection[str]) -> None:
    """Let those who wished for a work wish for the one that it turned out to be, in the caller's transaction.

    `moved` has the new work by the old one, which is left alone while anybody offers it but the listings `leaving` it.
    Who has both wishes keeps them. Of copies that are there already they are told like of those that nobody bought.
    """
    # Read by itself: within the UPDATE it would lock others' listings.
    awaited_in_vain = fetch_all(
        db,
        "SELECT DISTINCT work_id FROM wishes WHERE work_id IN %s AND NOT EXISTS"
        " (SELECT 1 FROM books WHERE books.work_id = wishes.work_id AND id NOT IN %s)",
        [list(moved), list(leaving)],
    )
    for row in awaited_in_vain:
        old = row["work_id"]
        execute(db, "UPDATE IGNORE wishes SET work_id = %s WHERE work_id = %s", [moved[old], old])


def _to_be_told(at: datetime) -> list[str]:
    rows = fetch_all(
        connection("catalog"),
        "SELECT work_id FROM wishes WHERE asked_at IS NOT NULL GROUP BY work_id"
        " HAVING (SELECT COALESCE(SUM(stock), 0) FROM books WHERE books.work_id = wishes.work_id)"
        " > (SELECT COUNT(*) FROM wishes AS others WHERE others.work_id = wishes.work_id AND held_until > %s)"
        " LIMIT %s",
        [at, _WORKS],
    )
    return [row["work_id"] for row in rows]


def _tell(db: Connection, waiter: Waiter, offer: Offer, trace: str, at: datetime) -> None:
    execute(
        db,
        "UPDATE wishes SET asked_at = NULL, told_at = %s, held_until = %s, version = version + 1 WHERE id = %s",
        [at, at + wish_hold(), waiter.id],
    )
    data = {
        "user_id": waiter.user_id,
        "book_id": offer.id,
        "title": offer.title,
        "price_cents": offer.price_cents,
        "currency": currency(),
    }
    append(db, Event(type="wish.available", subject=waiter.id, version=waiter.version + 1, data=data, trace=trace))
