"""New passwords: by whoever knows the old one, or whoever gets the mails to the account's address."""

from datetime import datetime, timedelta

from bookstore.accounts import letters, users
from bookstore.accounts.letters import post
from bookstore.accounts.links import RESET, cancel_links, read_link, use_link
from bookstore.accounts.mails import mails_since
from bookstore.accounts.models import ForgottenPassword, PasswordChange, PasswordReset
from bookstore.accounts.passwords import hash_password, objection
from bookstore.accounts.sessions import end_sessions_of
from bookstore.accounts.sign_in import knows_password
from bookstore.accounts.throttling import forgive
from bookstore.accounts.users import Account
from bookstore.apart import each_apart
from bookstore.clock import now
from bookstore.database import Connection, connection, execute, fetch_all, transaction
from bookstore.errors import InvalidFields
from bookstore.identity import User

# Nobody's mailbox is filled by somebody else.
MOST_MAILS, WINDOW = 3, timedelta(hours=1)
_BATCH = 100


def change_password(change: PasswordChange, *, user: User, at: datetime | None = None) -> None:
    """Set a new password and end the user's other sessions.

    Raises InvalidFields when the old one is wrong, and TooManyRequests after ten wrong ones in 15 minutes.
    """
    moment, db = at or now(), connection("accounts")
    account = users.own(db, user)
    if not knows_password(db, account, account.email, change.old_password, at=moment):
        raise InvalidFields.one("old_password", "is not your password")
    new_hash = _hashed(change.new_password.get_secret_value(), account, "new_password")

    def work(db: Connection) -> None:
        # Somebody else may have changed it in the meantime: whoever comes second did not know the old one.
        if not execute(
            db,
            "UPDATE users SET password_hash = %s WHERE id = %s AND password_hash = %s",
            [new_hash, account.id, account.password_hash],
        ):
            raise InvalidFields.one("old_password", "is not your password any more")
        _end_everything(db, account, at=moment, but=user.session)

    transaction("accounts", work)


def request_reset(forgotten: ForgottenPassword, *, at: datetime | None = None) -> None:
    """Ask for a link to set a new password. Whether there is an account is looked up later, by `write_reset_mails`.

    So the answer is the same for every address, and takes the same time.
    """
    execute(
        connection("accounts"),
        "INSERT INTO reset_requests (email, requested_at) VALUES (%s, %s)",
        [forgotten.email, at or now()],
    )


def write_reset_mails(*, at: datetime | None = None) -> int:
    """Write the mails that were asked for, to addresses that have an account; return how many."""
    moment = at or now()
    rows = fetch_all(connection("accounts"), "SELECT id, email FROM reset_requests ORDER BY id LIMIT %s", [_BATCH])
    emails = {row["id"]: row["email"] for row in rows}
    return each_apart(emails, lambda request_id: _write_reset_mail(request_id, emails[request_id], moment))[0]


def confirm_reset(reset: PasswordReset, *, at: datetime | None = None) -> None:
    """Set the new password of whoever got the link, and end all their sessions. Raises InvalidFields."""
    moment, db = at or now(), connection("accounts")
    account = users.find(db, read_link(db, RESET, reset.token, at=moment).user_id)
    new_hash = _hashed(reset.password.get_secret_value(), account, "password")

    def work(db: Connection) -> None:
        proof = use_link(db, RESET, reset.token, at=moment)
        account = users.find(db, proof.user_id)
        if account is None or account.disabled_at or account.email != proof.email:
            raise InvalidFields.one("token", "is not good any more: the account has changed")
        execute(db, "UPDATE users SET password_hash = %s WHERE id = %s", [new_hash, account.id])
        forgive(db, account.email)
        _end_everything(db, account, at=moment)

    transaction("accounts", work)


def _hashed(password: str, account: Account | None, field: str) -> str:
    if reason := objection(password, own=[account.email, account.name] if account else []):
        raise InvalidFields.one(field, reason)
    return hash_password(password)


def _end_everything(db: Connection, account: Account, *, at: datetime, but: str = "") -> None:
    end_sessions_of(db, account.id, at=at, but=but)
    cancel_links(db, account.id, RESET)
    post(db, letters.PASSWORD_CHANGED, account)


def _write_reset_mail(request_id: int, email: str, at: datetime) -> bool:
    def work(db: Connection) -> bool:
        if not execute(db, "DELETE FROM reset_requests WHERE id = %s", [request_id]):
            return False
        account = users.find_by_email(db, email)
        if account is None or account.disabled_at or mails_since(db, account.id, RESET, at - WINDOW) >= MOST_MAILS:
            return False
        post(db, letters.FORGOTTEN, account)
        return True

    return transaction("accounts", work)
