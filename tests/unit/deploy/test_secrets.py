"""Secrets are made once, kept private, and named by their content."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from deploy.secrets import FUNCTION_SECRETS, digest, function_names, make_secrets, platform_names


def test_a_second_run_keeps_what_the_first_made(tmp_path: Path):
    assert make_secrets(tmp_path) == make_secrets(tmp_path)


def test_two_stacks_share_no_password(tmp_path: Path):
    one, other = make_secrets(tmp_path / "one"), make_secrets(tmp_path / "other")
    same = {name for name in one if one[name] == other[name]}
    assert same == {"basic-auth-user", "admin-email", "smtp-url"}


def test_a_mail_server_that_is_given_is_remembered_until_another_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for given, kept in (("", "none"), ("smtp://a@one", "smtp://a@one"), ("", "smtp://a@one"), ("none", "none")):
        monkeypatch.setenv("SMTP_URL", given)
        assert make_secrets(tmp_path)["smtp-url"] == kept
        assert stat.S_IMODE((tmp_path / "smtp-url").stat().st_mode) == 0o600


def test_only_the_owner_reads_the_files(tmp_path: Path):
    make_secrets(tmp_path / "secrets")
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "secrets").iterdir()} == {0o600}


def test_what_an_interrupted_run_left_does_not_become_a_secret(tmp_path: Path):
    (tmp_path / ".mariadb-root").write_text("hal")
    assert len(make_secrets(tmp_path)["mariadb-root"]) > 20
    assert not (tmp_path / ".mariadb-root").exists()


def test_the_keys_are_of_the_kinds_that_their_users_read(tmp_path: Path):
    made = make_secrets(tmp_path)
    private = load_pem_private_key(made["jwt-private-key"].encode(), password=None)
    public = load_pem_public_key(made["jwt-public-key"].encode())
    assert private.public_key() == public
    Fernet(made["client-session-key"])


def test_database_urls_name_user_and_database(tmp_path: Path):
    made = make_secrets(tmp_path)
    assert made["orders-relay-db"].startswith("mysql://orders_relay:")
    assert made["orders-relay-db"].endswith("@mariadb:3306/orders")


def test_names_in_swarm_tell_stack_name_and_content(tmp_path: Path):
    made = make_secrets(tmp_path)
    assert platform_names("shop", made)["mariadb-root"] == f"shop_mariadb-root-{digest(made['mariadb-root'])}"
    assert function_names("shop", made)["orders-db"] == f"shop_fn-secret-orders-db-{digest(made['orders-db'])}"


def test_names_in_swarm_fit_its_limit_of_64(tmp_path: Path):
    made = make_secrets(tmp_path)
    names = [*platform_names("x" * 20, made).values(), *function_names("x" * 20, made).values()]
    assert max(map(len, names)) <= 64


def test_functions_get_no_secret_of_the_platform():
    assert not {"mariadb-root", "rabbitmq-admin", "basic-auth-password", "client-session-key"} & set(FUNCTION_SECRETS)
