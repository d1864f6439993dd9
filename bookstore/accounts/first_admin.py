"""Make sure that there is an admin: `python -m bookstore.accounts.first_admin`.

The secrets `admin-email` and `admin-password` say which; the account follows them at every run.
"""

import sys

from bookstore.accounts import users
from bookstore.accounts.passwords import hash_password, matches
from bookstore.accounts.sessions import end_sessions_of
from bookstore.clock import now
from bookstore.database import Connection, connection, execute, transaction
from bookstore.secrets import secret


def ensure_admin(*, email: str, password: str) -> str:
    """Make the account, or make it an enabled admin's with this password; return what was done.

    A changed password ends the account's sessions.
    """
    found = users.find_by_email(connection("accounts"), email)
    if found and found.role == "admin" and not found.disabled_at and matches(found.password_hash, password):
        return "unchanged"
    password_hash, at = hash_password(password), now()

    def work(db: Connection) -> str:
        if found is None:
            users.add(db, email=email, name="Administrator", role="admin", password_hash=password_hash, at=at)
            return "made"
        execute(
            db,
            "UPDATE users SET role = 'admin', password_hash = %s, disabled_at = NULL WHERE id = %s",
            [password_hash, found.id],
        )
        end_sessions_of(db, found.id, at=at)
        return "updated"

    return transaction("accounts", work)


def main() -> None:
    """Follow the secrets and say what was done."""
    email = secret("admin-email").lower()
    sys.stdout.write(f"{email}: {ensure_admin(email=email, password=secret('admin-password'))}\n")


if __name__ == "__main__":
    main()
