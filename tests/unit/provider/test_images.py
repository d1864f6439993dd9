import asyncio

import pytest

from faas.provider.images import is_done, names_registry

HELD = f"sha256:{'a' * 64}"
NAMED = {"image": "registry.example:5000/shop/echo:1"}


@pytest.fixture
def several(run):
    """Run a story on three nodes whose registry has one image."""

    def play(story):
        async def on_three(live):
            live.swarm.nodes, live.swarm.registry = 3, {NAMED["image"]: HELD}
            return await story(live)

        return run(on_three)

    return play


def pulls(live):
    return [each["Spec"] for each in live.swarm.stored.values() if "Global" in each["Spec"]["Mode"]]


def test_on_several_nodes_an_image_is_started_by_what_its_registry_says_it_holds(several):
    async def story(live):
        assert (await live.deploy(**NAMED))[0] == 202
        return live.swarm.container("echo")["Image"], (await live.list())[0]["image"]

    assert several(story) == (f"registry.example:5000/shop/echo@{HELD}", NAMED["image"])


def test_an_image_that_only_one_of_several_nodes_has_is_refused(several):
    status, text = several(lambda live: live.deploy())
    assert status == 400
    assert "push it first" in text


def test_every_node_pulls_what_is_deployed_and_nothing_of_that_is_left(several):
    async def story(live):
        await live.deploy(**NAMED)
        (pull,) = pulls(live)
        removing = asyncio.create_task(live.provider.images.run())
        await asyncio.sleep(0.1)
        removing.cancel()
        return pull["TaskTemplate"]["ContainerSpec"]["Image"], pulls(live), await live.list()

    image, left, functions = several(story)
    assert image == f"registry.example:5000/shop/echo@{HELD}"
    assert left == []
    assert len(functions) == 1


def test_a_pull_that_is_not_over_is_left_alone(several):
    async def story(live):
        live.swarm.starts = False
        await live.deploy(**NAMED)
        removing = asyncio.create_task(live.provider.images.run())
        await asyncio.sleep(0.1)
        removing.cancel()
        return len(pulls(live))

    assert several(story) == 1


def test_an_update_is_pulled_too_but_not_one_that_changes_nothing(several):
    async def story(live):
        await live.deploy(**NAMED)
        live.swarm.stored = {key: each for key, each in live.swarm.stored.items() if each["Spec"] not in pulls(live)}
        await live.send("PUT", "/system/functions", {"service": "echo", **NAMED})
        unchanged = len(pulls(live))
        live.swarm.registry[NAMED["image"]] = f"sha256:{'b' * 64}"
        await live.send("PUT", "/system/functions", {"service": "echo", **NAMED})
        return unchanged, len(pulls(live))

    assert several(story) == (0, 1)


def test_one_node_pulls_nothing(run):
    async def story(live):
        await live.deploy()
        return pulls(live)

    assert run(story) == []


@pytest.mark.parametrize(
    ("tasks", "done"),
    [
        ([], False),
        ([("running", "running"), ("running", "preparing")], False),
        ([("running", "running"), ("shutdown", "rejected")], True),
    ],
)
def test_a_pull_is_done_when_no_node_has_it_before_it(tasks, done):
    assert is_done([{"DesiredState": wanted, "Status": {"State": state}} for wanted, state in tasks]) is done


@pytest.mark.parametrize(
    ("image", "named"),
    [("localhost/a", True), ("registry:5000/a", True), ("ghcr.io/a/b", True), ("bookstore/a", False), ("a:1", False)],
)
def test_a_registry_is_told_by_a_dot_a_port_or_localhost(image, named):
    assert names_registry(image) is named
