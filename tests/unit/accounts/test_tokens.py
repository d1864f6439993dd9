"""Access tokens: what is issued is believed, what is forged is not."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bookstore.accounts.tokens import LIFETIME, issue_access_token
from bookstore.accounts.users import Account
from bookstore.clock import now
from bookstore.errors import Unauthorized
from bookstore.identity import User, verify
from bookstore.secrets import secret

ADA = Account("u1", "ada@example.com", "Ada", "user", "", now())


def pem(key):
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    private, public = pem(Ed25519PrivateKey.generate())
    (tmp_path / "jwt-private-key").write_text(private)
    (tmp_path / "jwt-public-key").write_text(public)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    secret.cache_clear()
    yield private, public
    secret.cache_clear()


def claims(**changes):
    token = issue_access_token(ADA, at=now())
    found = jwt.decode(token, options={"verify_signature": False}) | changes
    return {name: value for name, value in found.items() if value is not None}


def test_an_issued_token_names_its_user():
    token = issue_access_token(ADA, at=now())
    assert verify(token) == verify(token) == User("u1", "Ada", "user")


def test_two_tokens_of_one_moment_differ():
    at = now()
    assert issue_access_token(ADA, at=at) != issue_access_token(ADA, at=at)


def test_a_token_counts_for_ten_minutes_also_when_it_was_believed_before(monkeypatch):
    token = issue_access_token(ADA, at=now() - LIFETIME + timedelta(seconds=30))
    assert verify(token)
    later = (now() + timedelta(seconds=40)).timestamp()
    monkeypatch.setattr("bookstore.identity.time.time", lambda: later)
    with pytest.raises(Unauthorized):
        verify(token)


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "jti", "aud", "iss", "name", "role"])
def test_a_token_without_one_of_its_claims_is_refused(keys, claim):
    with pytest.raises(Unauthorized):
        verify(jwt.encode(claims(**{claim: None}), keys[0], "EdDSA"))


@pytest.mark.parametrize("changes", [{"aud": "other"}, {"iss": "other"}, {"exp": 1}, {"iat": 9e9}, {"sub": 7}])
def test_a_token_for_somebody_else_or_another_time_is_refused(keys, changes):
    with pytest.raises(Unauthorized):
        verify(jwt.encode(claims(**changes), keys[0], "EdDSA"))


def test_a_token_signed_by_anybody_else_is_refused(keys):
    other, _ = pem(Ed25519PrivateKey.generate())
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=").decode()
    forged = [
        jwt.encode(claims(), other, "EdDSA"),
        jwt.encode(claims(), "a" * 32, "HS256"),
        f"{header}.{body}.",
        issue_access_token(ADA, at=now())[:-4] + "AAAA",
        f"{header}.{body}",
        "",
        "é.é.é",
        "a" * 10_000,
    ]
    for token in forged:
        with pytest.raises(Unauthorized):
            verify(token)
