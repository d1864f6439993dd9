"""What the API of accounts takes and gives, with every limit."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, field_validator
from pydantic_core.core_schema import ValidationInfo

from bookstore.accounts.passwords import objection
from bookstore.fields import Id, Input, PageQuery, Timestamp
from bookstore.text import Name, one_line

# HTML's own rule for an e-mail address, but with a dot in the domain, and dots only between other characters.
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = rf"^(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+$"


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
UserName = Annotated[Name, StringConstraints(max_length=100)]
Role = Literal["user", "admin"]
MailedToken = Annotated[str, StringConstraints(min_length=1, max_length=200)]
MailKind = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
MailStatus = Literal["waiting", "sent", "failed", "kept"]


class NewUser(Input):
    """Somebody who registers. The name is shown to others, on listings and orders."""

    email: Email
    name: UserName
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


class PasswordChange(Input):
    """A new password, by somebody who knows the old one."""

    old_password: Password
    new_password: NewPassword


class ForgottenPassword(Input):
    """The address of somebody who has forgotten their password."""

    email: Email


class PasswordReset(Input):
    """A new password, by somebody who got the link to set one."""

    token: MailedToken
    password: NewPassword


class EmailProof(Input):
    """The token of a link that was mailed to an address, which proves that the mail arrived."""

    token: MailedToken


class ProfileChange(Input):
    """What somebody wants to be called, or reached at; what is left out stays. A new address asks for the password."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["email"], "properties": {"email": {"type": "string"}}},
            "then": {"required": ["password"], "properties": {"password": {"type": "string"}}},
        },
    )

    name: UserName | None = None
    email: Email | None = None
    password: Annotated[Password | None, Field(validate_default=True)] = None

    @field_validator("password")
    @classmethod
    def _for_a_new_address(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if password is None and info.data.get("email"):
            raise ValueError("is required to change the e-mail address")
        return password


class Leaving(Input):
    """The password of somebody who wants their account deleted."""

    password: Password


class Reason(Input):
    """Why an admin does something; it is kept with the act."""

    reason: Annotated[Name, StringConstraints(max_length=200)] | None = None


class RoleChange(Input):
    """What somebody may do from now on."""

    role: Role


class UsersQuery(PageQuery):
    """A page of all users, or of those with an address or a role, or who are disabled or not."""

    email: Email | None = None
    role: Role | None = None
    disabled: bool | None = None


class MailsQuery(PageQuery):
    """A page of all mails, or of those to an address or a user, of a kind, or in a status."""

    recipient: Email | None = None
    user: Id | None = None
    kind: MailKind | None = None
    status: MailStatus | None = None


class ActsQuery(PageQuery):
    """A page of all acts of admins, or of those by one of them, or on one thing."""

    admin: Id | None = None
    target: Id | None = None


class UserOut(BaseModel):
    """A user, as they and the admins see them. `pending_email` takes the place of `email` once it is confirmed."""

    id: str
    email: str
    email_verified: bool
    pending_email: str | None = None
    name: str
    role: Role
    disabled: bool
    created_at: Timestamp


class UsersOut(BaseModel):
    """A page of users, the newest first."""

    items: list[UserOut]
    next_cursor: str | None


class SignedInUserOut(BaseModel):
    """Who has signed in."""

    id: str
    email: str
    email_verified: bool
    name: str
    role: Role


class SessionOut(BaseModel):
    """A session's tokens: the access token is good for `expires_in` seconds, the refresh token for 30 days, once."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int
    user: SignedInUserOut


class OpenSessionOut(BaseModel):
    """Somewhere that the user is signed in; `current` is where this was asked."""

    id: str
    current: bool
    started_at: Timestamp
    renewed_at: Timestamp
    expires_at: Timestamp


class OpenSessionsOut(BaseModel):
    """A page of sessions, the newest first."""

    items: list[OpenSessionOut]
    next_cursor: str | None


class ResetLinkOut(BaseModel):
    """A link for somebody to set a new password with, once."""

    url: str
    expires_at: Timestamp


class MailOut(BaseModel):
    """A mail. A link that lets its reader in is only in the mail that is sent, not here."""

    id: str
    user_id: str | None = None
    recipient: str
    kind: str
    subject: str
    text: str
    status: MailStatus
    attempts: int
    problem: str | None = None
    sent_at: Timestamp | None = None
    created_at: Timestamp


class MailsOut(BaseModel):
    """A page of mails, the newest first."""

    items: list[MailOut]
    next_cursor: str | None


class AdminOut(BaseModel):
    """Who acted."""

    id: str
    name: str


class TargetOut(BaseModel):
    """What an act was done to: a user, a book, an order."""

    kind: str
    id: str


class ActOut(BaseModel):
    """What an admin did to what is not theirs."""

    id: str
    admin: AdminOut
    act: str
    target: TargetOut
    details: dict[str, Any]
    at: Timestamp


class ActOnUserOut(BaseModel):
    """What an admin did to the user who reads it; `details` has the reason, if one was given."""

    id: str
    act: str
    details: dict[str, Any]
    at: Timestamp


class ActsOut(BaseModel):
    """A page of acts, the newest first."""

    items: list[ActOut]
    next_cursor: str | None


class AccountDataOut(BaseModel):
    """Everything that is kept of a user in accounts; under `more` the rest is found, page by page."""

    user: UserOut
    sessions: list[OpenSessionOut]
    mails: list[MailOut]
    acts: list[ActOnUserOut]
    more: list[str]
