"""Register and sign in with e-mail address and password."""

from datetime import datetime

from bookstore.accounts import users
from bookstore.accounts.models import Credentials, NewUser, SessionOut
from bookstore.accounts.passwords import hash_password, matches
from bookstore.accounts.sessions import start_session
from bookstore.accounts.throttling import forgive, note_failure, refuse_the_throttled
from bookstore.clock import now
from bookstore.database import Connection, connection, transaction
from bookstore.errors import Unauthorized


def register(person: NewUser, *, at: datetime | None = None) -> SessionOut:
    """Make an account and sign its owner in. Raises EmailTaken."""
    moment = at or now()
    if users.find_by_email(connection("accounts"), person.email):
        raise users.EmailTaken
    password_hash = hash_password(person.password.get_secret_value())

    def work(db: Connection) -> SessionOut:
        account = users.add(
            db, email=person.email, name=person.name, role="user", password_hash=password_hash, at=moment
        )
        return start_session(db, account, at=moment)

    return transaction("accounts", work)


def login(credentials: Credentials, *, at: datetime | None = None) -> SessionOut:
    """Sign in. An unknown address is refused like a wrong password, and takes as long.

    Raises Unauthorized, and TooManyRequests after ten failures in 15 minutes.
    """
    db, email, moment = connection("accounts"), credentials.email, at or now()
    refuse_the_throttled(db, email, at=moment)
    account = users.find_by_email(db, email)
    right = matches(account.password_hash if account else None, credentials.password.get_secret_value())
    if account is None or not right:
        note_failure(db, email, at=moment)
        raise Unauthorized("The e-mail address or the password is wrong.")
    # Others may have guessed meanwhile: a right guess counts no more than a wrong one then.
    refuse_the_throttled(db, email, at=moment)
    forgive(db, email)
    return transaction("accounts", lambda db: start_session(db, account, at=moment))
