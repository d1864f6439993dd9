"""What the catalog calls people against their accounts: on every listing and review, and on those to come.

Who has no account any more is called nothing. Their listings are not looked at: they are about to be taken off.

Events bring the names, so one that differs may be on its way.
"""

import json
import time
from collections.abc import Iterator, Sequence
from functools import partial
from heapq import merge
from itertools import chain, groupby, islice

from bookstore.accounts import users
from bookstore.accounts.profiles import renamed_event
from bookstore.audit.copies import ids_of
from bookstore.catalog import people
from bookstore.catalog.renames import forget_name, restore
from bookstore.database import connection, fetch_all, transaction

_AT_ONCE = 2000
_PAUSE = 0.5
_CALLED = (
    "SELECT DISTINCT seller_id AS id FROM books WHERE seller_id > %s ORDER BY seller_id LIMIT %s",
    "SELECT DISTINCT user_id AS id FROM reviews WHERE user_id > %s ORDER BY user_id LIMIT %s",
    "SELECT user_id AS id FROM people WHERE user_id > %s ORDER BY user_id LIMIT %s",
)
# Compared where the listings are, for somebody may have a million, and to the letter. By the sellers' key: where there
# are few of them, the database would rather read all listings, once for each.
_MISNAMED = (
    "SELECT id FROM JSON_TABLE(%s, '$[*]' COLUMNS (id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin PATH '$.id',"
    " name VARCHAR(200) CHARACTER SET utf8mb4 PATH '$.name', version INT PATH '$.version')) AS account"
    " WHERE EXISTS (SELECT 1 FROM books FORCE INDEX (books_of_seller)"
    "  WHERE seller_id = account.id AND BINARY seller_name <> account.name)"
    " OR EXISTS (SELECT 1 FROM reviews WHERE user_id = account.id AND NOT BINARY user_name <=> account.name)"
    " OR EXISTS (SELECT 1 FROM people WHERE user_id = account.id AND people.version > 0"
    "  AND (people.version <> account.version OR NOT BINARY people.name <=> account.name))"
)


def differences(*, patience: float) -> tuple[list[str], float]:
    """The ids of people who are called otherwise, and how long events were waited for, `patience` s at the most."""
    begin, everybody, seen = time.monotonic(), _everybody(), list[str]()
    while some := list(islice(everybody, _AT_ONCE)):
        seen += _misnamed(some)
    left = seen
    while left and time.monotonic() - begin < patience:
        time.sleep(_PAUSE)
        left = _misnamed(left)
    return left, time.monotonic() - begin if seen else 0.0


def repair(user_ids: Sequence[str]) -> None:
    """Call people as their accounts do; each listing that is renamed tells the orders."""
    # Before the accounts are read: what has come meanwhile is newer than what they say.
    kept = fetch_all(connection("catalog"), "SELECT user_id, version FROM people WHERE user_id IN %s", [user_ids])
    seen = {row["user_id"]: row["version"] for row in kept}
    for user_id in user_ids:
        account = users.find(connection("accounts"), user_id)
        if account:
            restore(renamed_event(account, ""), seen=seen.get(user_id, 0))
        else:
            transaction("catalog", partial(forget_name, user_id=user_id))


def _everybody() -> Iterator[str]:
    """Everybody of whom the catalog has a name, in the order of their ids, each once: they may have many listings."""
    walks = [chain.from_iterable(ids_of("catalog", query)) for query in _CALLED]
    return (user_id for user_id, _ in groupby(merge(*walks)))


def _misnamed(user_ids: Sequence[str]) -> list[str]:
    rows = fetch_all(connection("accounts"), "SELECT id, name, name_version FROM users WHERE id IN %s", [user_ids])
    accounts = {row["id"]: {"name": row["name"], "version": row["name_version"]} for row in rows}
    told = [{"id": user_id, **accounts.get(user_id, {"version": people.GONE})} for user_id in user_ids]
    return [row["id"] for row in fetch_all(connection("catalog"), _MISNAMED, [json.dumps(told)])]
