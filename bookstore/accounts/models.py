"""What the API of accounts takes and gives, with every limit."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints, field_validator
from pydantic_core.core_schema import ValidationInfo

from bookstore.accounts.passwords import objection
from bookstore.fields import Id, Input, Limit, Timestamp
from bookstore.text import Name, one_line

# HTML's own rule for an e-mail address, but with a dot in the domain.
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+$"


def _address(text: str) -> str:
    if not re.fullmatch(_EMAIL, text):
        raise ValueError("must be an e-mail address, such as ada@example.com")
    return text.lower()


def _printable(password: SecretStr) -> SecretStr:
    one_line(password.get_secret_value())
    return password


Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_address),
    Field(json_schema_extra={"format": "email", "pattern": _EMAIL}),
]
NewPassword = Annotated[SecretStr, Field(min_length=10, max_length=256), AfterValidator(_printable)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=256), AfterValidator(_printable)]


class NewUser(Input):
    """Somebody who registers. The name is shown to others, on listings and orders."""

    email: Email
    name: Annotated[Name, StringConstraints(max_length=100)]
    password: NewPassword

    @field_validator("password")
    @classmethod
    def _hard_to_guess(cls, password: SecretStr, info: ValidationInfo) -> SecretStr:
        reason = objection(password.get_secret_value(), own=[info.data.get("email"), info.data.get("name")])
        if reason:
            raise ValueError(reason)
        return password


class Credentials(Input):
    """What somebody signs in with."""

    email: Email
    password: Password


class RefreshToken(Input):
    """The token that a session is renewed or ended with."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class UsersQuery(Input):
    """A page of users; `cursor` is the last answer's `next_cursor`."""

    cursor: Id | None = None
    limit: Limit = 20


class UserOut(BaseModel):
    """A user, as they and the admins see them."""

    id: str
    email: str
    name: str
    role: Literal["user", "admin"]
    created_at: Timestamp


class UsersOut(BaseModel):
    """A page of users, the newest first."""

    items: list[UserOut]
    next_cursor: str | None


class SignedInUserOut(BaseModel):
    """Who has signed in."""

    id: str
    email: str
    name: str
    role: Literal["user", "admin"]


class SessionOut(BaseModel):
    """A session's tokens: the access token is good for `expires_in` seconds, the refresh token for 30 days, once."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int
    user: SignedInUserOut
