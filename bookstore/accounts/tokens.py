"""Access tokens, a signed statement of who somebody is that is good for ten minutes, and how others are kept."""

import hashlib
from datetime import datetime, timedelta

import jwt

from bookstore.accounts.users import Account
from bookstore.identity import ALGORITHM, AUDIENCE, ISSUER
from bookstore.ids import new_id
from bookstore.secrets import secret

LIFETIME = timedelta(minutes=10)


def issue_access_token(account: Account, *, at: datetime, session: str = "") -> str:
    """Sign a JWT for the account's owner in a session; `bookstore.identity` verifies it."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": account.id,
        "jti": new_id(),
        "iat": at,
        "exp": at + LIFETIME,
        "name": account.name,
        "role": account.role,
        "sid": session,
    }
    return jwt.encode(claims, secret("jwt-private-key"), algorithm=ALGORITHM)


def digest(token: str) -> str:
    """What is kept of a random token: whoever reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
