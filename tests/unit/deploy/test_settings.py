"""What is read from the environment, and what is refused."""

import pytest

from deploy.errors import DeployError
from deploy.settings import read_settings


def test_nothing_set_gives_the_documented_defaults():
    settings = read_settings({})
    assert (settings.stack, settings.shop_port, settings.gateway_port) == ("bookstore", 8000, 8080)
    assert settings.demo
    assert settings.currency == "USD"
    assert settings.gateway == "auto"
    assert settings.cache_megabytes == 8
    assert settings.advertise_address == "127.0.0.1"


def test_everything_of_another_stack_carries_its_name():
    settings = read_settings({"STACK": "other"})
    assert settings.network == "other_platform"
    assert settings.state.name == "other"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"STACK": "Two Words"}, "STACK"),
        ({"STACK": "x" * 21}, "STACK"),
        ({"SHOP_PORT": "http"}, "SHOP_PORT"),
        ({"GATEWAY_PORT": "70000"}, "GATEWAY_PORT"),
        ({"SHOP_PORT": "8080"}, "two different ports"),
        ({"CACHE_MB": "much"}, "CACHE_MB=much"),
        ({"GATEWAY": "nginx"}, "GATEWAY=nginx"),
        ({"CURRENCY": "euro"}, "CURRENCY=euro"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], named: str):
    with pytest.raises(DeployError, match=named):
        read_settings(environment)
