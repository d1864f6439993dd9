import pytest

from faas.provider.settings import Settings


def test_settings_come_from_environment_and_secrets(tmp_path):
    (tmp_path / "basic-auth-user").write_text("admin\n")
    (tmp_path / "basic-auth-password").write_text("pw\n")
    settings = Settings.read({"STACK": "shop", "NETWORK": "net", "SECRETS_DIR": str(tmp_path)})
    assert (settings.stack, settings.network, settings.user, settings.password) == ("shop", "net", "admin", "pw")


@pytest.mark.parametrize(
    ("environment", "missing"), [({"NETWORK": "n"}, "STACK"), ({"STACK": "s", "NETWORK": "n"}, "basic-auth-user")]
)
def test_a_missing_value_stops_the_provider_with_its_name(tmp_path, environment, missing):
    with pytest.raises(SystemExit, match=missing):
        Settings.read({**environment, "SECRETS_DIR": str(tmp_path)})
