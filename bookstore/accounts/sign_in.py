"""Register and sign in with e-mail address and password."""

from datetime import datetime

from pydantic import SecretStr

from bookstore.accounts import letters, users
from bookstore.accounts.letters import post
from bookstore.accounts.models import Credentials, NewUser, SessionOut
from bookstore.accounts.passwords import hash_password, matches
from bookstore.accounts.sessions import start_session
from bookstore.accounts.throttling import forgive, note_failure, refuse_the_throttled
from bookstore.accounts.users import Account
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
        post(db, letters.WELCOME, account)
        return start_session(db, account, at=moment)

    return transaction("accounts", work)


def login(credentials: Credentials, *, at: datetime | None = None) -> SessionOut:
    """Sign in. An unknown address is refused like a wrong password, and takes as long.

    Raises Unauthorized, Forbidden for a disabled account, and TooManyRequests after ten failures in 15 minutes.
    """
    db, email, moment = connection("accounts"), credentials.email, at or now()
    account = users.find_by_email(db, email)
    if not knows_password(db, account, email, credentials.password, at=moment) or account is None:
        raise Unauthorized("The e-mail address or the password is wrong.")
    return transaction("accounts", lambda db: start_session(db, account, at=moment))


def knows_password(db: Connection, account: Account | None, email: str, password: SecretStr, *, at: datetime) -> bool:
    """Whether the password is the account's, which has this address; without an account it takes as long and is not.

    Raises TooManyRequests after ten failures in 15 minutes. Needs a connection that commits each statement.
    """
    refuse_the_throttled(db, email, at=at)
    if not matches(account.password_hash if account else None, password.get_secret_value()):
        note_failure(db, email, at=at)
        return False
    # Others may have guessed meanwhile: a right guess counts no more than a wrong one then.
    refuse_the_throttled(db, email, at=at)
    transaction("accounts", lambda db: forgive(db, email))
    return True
