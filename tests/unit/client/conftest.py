"""The shop in memory: Flask's test client before an API that answers what a test says."""

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from client import create_app
from client.api import Answer
from client.settings import Settings
from tests.unit.client.fakes import FakeApi, Shopper, make_tokens


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def shop(api: FakeApi) -> Flask:
    settings = Settings(api_url="http://api.invalid", session_keys=(Fernet.generate_key().decode(),))
    return create_app(settings, api)


@pytest.fixture
def shopper(shop: Flask) -> Shopper:
    return Shopper(shop.test_client())


@pytest.fixture
def signed_in(shopper: Shopper, api: FakeApi) -> Shopper:
    api.says["POST", "/auth/login"] = Answer(make_tokens())
    assert shopper.sign_in().status_code == 303
    return shopper
