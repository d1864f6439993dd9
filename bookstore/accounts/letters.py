"""What is written to people. Nobody is addressed by name: a name is anybody's text, the address may be another's."""

from dataclasses import dataclass

from bookstore.accounts.links import RESET, VERIFY
from bookstore.accounts.mails import LINK, write
from bookstore.accounts.users import Account
from bookstore.database import Connection


@dataclass(frozen=True)
class Letter:
    """A mail without its recipient."""

    kind: str
    subject: str
    text: str


WELCOME = Letter(
    VERIFY,
    "Confirm your e-mail address",
    f"Somebody, probably you, has given this address to the bookstore. Confirm within seven days that it is yours:\n\n"
    f"{LINK}\n\nIf it was not you, there is nothing to do.\n",
)
FORGOTTEN = Letter(
    RESET,
    "Set a new password",
    f"Somebody, probably you, wants to set a new password for your account at the bookstore. Do it within an hour:\n\n"
    f"{LINK}\n\nIf it was not you, there is nothing to do: your password stays as it is.\n",
)
PASSWORD_CHANGED = Letter(
    "password_changed",
    "Your password was changed",
    "The password of your account at the bookstore was changed, and you are signed out everywhere else.\n\n"
    "If it was not you, set a new one at once: ask for it where you sign in.\n",
)
EMAIL_CHANGED = Letter(
    "email_changed",
    "Your e-mail address was changed",
    "Your account at the bookstore has another e-mail address from now on. This is the last mail to this one.\n\n"
    "If it was not you, write to the bookstore at once.\n",
)
DISABLED = Letter(
    "account_disabled",
    "Your account was disabled",
    "An administrator of the bookstore has disabled your account: you cannot sign in. Your orders go on.\n",
)
ENABLED = Letter(
    "account_enabled", "Your account is enabled again", "You can sign in to your account at the bookstore again.\n"
)
DELETED = Letter(
    "account_deleted",
    "Your account was deleted",
    "Your account at the bookstore is gone, as you wished. Orders that you have paid still come; then your name and\n"
    "address are removed from them too. Buyers get their money back for what you have sold and not shipped.\n",
)


def post(db: Connection, letter: Letter, account: Account, *, to: str = "") -> None:
    """Write a letter to somebody in the caller's transaction, to their own address or to another of theirs."""
    write(db, user_id=account.id, recipient=to or account.email, **vars(letter))
