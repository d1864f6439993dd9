"""Access tokens: what is issued is believed, what is forged is not."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bookstore.accounts.tokens import LIFETIME, issue_access_token
from bookstore.accounts.users import Account
from bookstore.clock import now
from bookstore.errors import Unauthorized
from bookstore.identity import User, verify
from bookstore.secrets import secret
from tests.forgery import FORGED, Keys, claims_of, signed

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


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_token_is_refused(keys, forge):
    with pytest.raises(Unauthorized):
        verify(forge(claims_of("u1"), Keys(*keys)))


@pytest.mark.parametrize("text", ["", ".", "..", "é.é.é", "a" * 10_000, "\u0000.\u0000.\u0000"])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(Unauthorized):
        verify(text)


def test_a_token_made_with_the_shops_own_key_is_believed_also_without_a_session(keys):
    claims = claims_of("u1", sid="s1")
    assert verify(signed(claims, Keys(*keys))).session == "s1"
    del claims["sid"]
    assert verify(signed(claims, Keys(*keys))) == User("u1", "Mallory", "admin")
