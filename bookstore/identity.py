"""Who is asking: the claims of an access token. Accounts issues the tokens; every domain believes them."""

import time
from dataclasses import dataclass
from functools import lru_cache

import jwt

from bookstore.errors import Unauthorized
from bookstore.secrets import secret

ALGORITHM = "EdDSA"
ISSUER = "bookstore"
AUDIENCE = "bookstore-api"
_CLAIMS = ["exp", "iat", "sub", "jti", "aud", "iss", "name", "role"]


@dataclass(frozen=True)
class User:
    """A person as their access token names them; `role` is `user` or `admin`, `session` what they signed in to."""

    id: str
    name: str
    role: str
    session: str = ""


def verify(token: str) -> User:
    """The user that a valid access token names. Checking a signature is dear, so a good token is remembered.

    Raises Unauthorized when the token is forged, expired or not an access token of ours.
    """
    user, expires = _verified(token)
    if time.time() >= expires:
        raise Unauthorized("The access token has expired: refresh it.")
    return user


@lru_cache(maxsize=4096)
def _verified(token: str) -> tuple[User, float]:
    try:
        claims = jwt.decode(
            token,
            secret("jwt-public-key"),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": _CLAIMS},
        )
    except jwt.ExpiredSignatureError as error:
        raise Unauthorized("The access token has expired: refresh it.") from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise Unauthorized("The access token is not valid.") from error
    user = User(claims["sub"], str(claims["name"]), str(claims["role"]), str(claims.get("sid", "")))
    return user, float(claims["exp"])
