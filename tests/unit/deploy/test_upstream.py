"""Which gateway stands in the path: decided by GATEWAY and by whether upstream's image can be had."""

from types import SimpleNamespace

import pytest
from docker.errors import ImageNotFound

from deploy import upstream
from deploy.errors import DeployError
from deploy.pulls import host_of
from deploy.settings import read_settings
from deploy.upstream import IMAGE, find_upstream

ID = "sha256:1"


@pytest.fixture
def find(monkeypatch):
    """Choose a gateway; returns its images, what was said, and the pulls that were tried (whether with insistence)."""

    def find(gateway: str, *, present: bool = False, offered: bool = False):
        said, pulls = [], []

        def get(name):
            if not present:
                raise ImageNotFound(name)
            return SimpleNamespace(id=ID)

        def pull(*_, insist):
            pulls.append(insist)
            return SimpleNamespace(id=ID) if offered else None

        monkeypatch.setattr(upstream, "pull", pull)
        engine = SimpleNamespace(images=SimpleNamespace(get=get))
        images = find_upstream(engine, read_settings({"GATEWAY": gateway}), said.append)
        return images, "".join(said), pulls

    return find


@pytest.mark.parametrize("gateway", ["auto", "upstream"])
def test_an_image_that_is_here_is_taken_and_nobody_asked(find, gateway):
    images, said, pulls = find(gateway, present=True)
    assert (images, pulls) == ({"upstream": ID}, [])
    assert IMAGE in said


def test_an_image_that_can_be_pulled_is_taken(find):
    images, _, pulls = find("auto", offered=True)
    assert (images, pulls) == ({"upstream": ID}, [False])


def test_without_it_the_built_in_gateway_serves_and_it_is_told_why(find):
    images, said, _ = find("auto")
    assert images == {}
    assert "built-in" in said
    assert IMAGE in said


def test_who_demands_it_asks_again_and_learns_what_to_do_without_it(find):
    with pytest.raises(DeployError, match="docker load") as refused:
        find("upstream")
    assert IMAGE in str(refused.value)
    assert find("upstream", offered=True)[2] == [True]


def test_who_wants_the_built_in_one_gets_it_though_the_image_is_here(find):
    images, said, pulls = find("builtin", present=True, offered=True)
    assert (images, pulls) == ({}, [])
    assert "built-in" in said


@pytest.mark.parametrize(
    ("repository", "host"),
    [
        ("debian", "docker.io"),
        ("library/debian", "docker.io"),
        ("ghcr.io/openfaas/gateway", "ghcr.io"),
        ("localhost/a", "localhost"),
        ("near:5000/a", "near:5000"),
    ],
)
def test_answers_are_remembered_by_registry(repository, host):
    assert host_of(repository) == host
