"""What stands in the way is told in one line each, with what to do."""

from dataclasses import replace

from deploy.host import Host, shortcomings
from deploy.settings import read_settings

FIT = Host(memory=8.0, disk=40.0, images_present=False, engine_version="28.2.2", taken_ports=())


def told(**facts: object) -> list[str]:
    return list(shortcomings(replace(FIT, **facts), read_settings({})))


def test_a_fit_machine_lacks_nothing():
    assert told() == []


def test_a_machine_without_an_engine_is_fit_because_one_is_installed():
    assert told(engine_version=None) == []


def test_everything_that_is_lacking_is_told_at_once():
    lines = told(memory=1.0, disk=2.0, engine_version="19.03.1", taken_ports=(8000, 8080))
    assert [line.split()[0].strip(":") for line in lines] == ["Memory", "Disk", "Engine", "Port", "Port"]


def test_a_taken_port_is_told_with_the_setting_that_changes_it():
    assert "SHOP_PORT" in told(taken_ports=(8000,))[0]
    assert "GATEWAY_PORT" in told(taken_ports=(8080,))[0]


def test_less_disk_is_enough_once_the_images_are_there():
    assert told(disk=2.0, images_present=True) == []


def test_a_distributions_version_suffix_does_not_matter():
    assert told(engine_version="20.10.24+dfsg1") == []
