"""What a work's reviews come to: how many count, and the sum of their stars, kept exact in every transaction."""

from bookstore.database import Connection, execute, fetch_one


def reviewed(db: Connection, work_id: str, user_id: str) -> bool:
    """Whether somebody ever reviewed a work."""
    return bool(fetch_one(db, "SELECT id FROM reviews WHERE user_id = %s AND work_id = %s", [user_id, work_id]))


def weigh(db: Connection, work_id: str, user_id: str, *, counts: bool) -> None:
    """Let somebody's review of a work count, if they gave one that may be shown, or let it count no more.

    `counts` is whether they are a buyer, whose sales the caller has locked: sales come before reviews.
    """
    review = fetch_one(
        db,
        "SELECT id, rating, counted, withdrawn, hidden_reason FROM reviews"
        " WHERE user_id = %s AND work_id = %s FOR UPDATE",
        [user_id, work_id],
    )
    if review is None:
        return
    shown = counts and not review["withdrawn"] and review["hidden_reason"] is None
    before, after = review["counted"], review["rating"] if shown else 0
    if before != after:
        execute(db, "UPDATE reviews SET counted = %s WHERE id = %s", [after, review["id"]])
        execute(
            db,
            "UPDATE works SET ratings = ratings + %s, stars = stars + %s WHERE id = %s",
            [(after > 0) - (before > 0), after - before, work_id],
        )
