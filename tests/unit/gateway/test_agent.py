import asyncio
from dataclasses import replace

import pytest

from faas.gateway.agent import Agent, Rejected
from faas.gateway.configuration import CONFIGURATION
from faas.gateway.functions import State
from faas.gateway.generations import Generations
from faas.gateway.haproxy import HAProxyError
from faas.gateway.provider import Unreachable
from tests.unit.gateway.samples import GET_BOOK, LOGIN, PAY, SETTINGS, SURROUNDINGS

FIRST = State("1", (GET_BOOK, LOGIN))


class Workers:
    """Writes down what it was told."""

    def __init__(self):
        self.marks = []
        self.reloads = 0
        self.broken = False

    async def mark(self, _map, marks):
        if self.broken:
            raise HAProxyError("gone")
        self.marks.append(marks)

    async def replace(self, _file, _functions):
        if self.broken:
            raise HAProxyError("gone")
        self.reloads += 1


class Provider:
    """Gives its states one after the other, then none, and remembers the versions it was asked with."""

    def __init__(self, *states):
        self.states = list(states)
        self.confirmed = []

    async def state(self, *, have, wait=25):
        self.confirmed.append(have)
        if not self.states:
            await asyncio.sleep(3600)
        state = self.states.pop(0)
        if isinstance(state, Exception):
            raise state
        return state


@pytest.fixture
def workers():
    return Workers()


@pytest.fixture
def flaws():
    return []


@pytest.fixture
def agent(tmp_path, workers, flaws):
    for name in ("volume", "run"):
        (tmp_path / name).mkdir()
    generations = Generations(tmp_path / "volume", tmp_path / "run")
    settings = replace(SETTINGS, folder=tmp_path / "volume", run_folder=tmp_path / "run")
    return Agent(settings, SURROUNDINGS, generations, workers, lambda _: flaws[0] if flaws else None)


def served(agent):
    return (agent._generations.current / CONFIGURATION).read_text()


def follow(agent, provider, monkeypatch):
    monkeypatch.setattr("faas.gateway.agent._PAUSE", 0)
    monkeypatch.setattr("faas.gateway.agent._BETWEEN_RELOADS", 0)

    async def story():
        following = asyncio.create_task(agent.follow(provider))
        while provider.states:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        following.cancel()

    asyncio.run(story())


def test_a_new_function_is_served_after_a_reload(agent, workers):
    asyncio.run(agent.apply(FIRST))
    asyncio.run(agent.apply(State("2", (*FIRST.functions, PAY))))
    assert workers.reloads == 2
    assert "backend fn-pay " in served(agent)


def test_a_cold_mark_needs_no_reload(agent, workers):
    asyncio.run(agent.apply(FIRST))
    asyncio.run(agent.apply(State("2", (replace(GET_BOOK, cold=True), LOGIN))))
    assert workers.reloads == 1
    assert workers.marks[-1] == {"get-book": "1"}
    assert (agent._generations.current / "cold.map").read_text() == "get-book 1\nlogin 0\n"


def test_a_mark_is_taken_off_as_it_was_put_on(agent, workers):
    asyncio.run(agent.apply(State("1", (replace(GET_BOOK, cold=True),))))
    asyncio.run(agent.apply(State("2", (GET_BOOK,))))
    assert workers.marks[-1] == {"get-book": "0"}


def test_a_mark_that_haproxy_did_not_take_is_not_confirmed(agent, workers):
    asyncio.run(agent.apply(FIRST))
    workers.broken = True
    with pytest.raises(HAProxyError):
        asyncio.run(agent.apply(State("2", (replace(GET_BOOK, cold=True), LOGIN))))
    assert agent.version == "1"


def test_a_configuration_that_haproxy_refuses_changes_nothing_and_says_why(agent, workers, flaws):
    asyncio.run(agent.apply(FIRST))
    before = served(agent)
    flaws.append("line 7: unknown keyword")
    with pytest.raises(Rejected, match="line 7"):
        asyncio.run(agent.apply(State("2", (PAY,))))
    assert (served(agent), agent.version, workers.reloads) == (before, "1", 1)


def test_a_reload_that_fails_puts_the_former_configuration_back(agent, workers):
    asyncio.run(agent.apply(FIRST))
    before = served(agent)
    workers.broken = True
    with pytest.raises(HAProxyError):
        asyncio.run(agent.apply(State("2", (*FIRST.functions, PAY))))
    assert served(agent) == before


def test_an_agent_that_comes_back_goes_on_from_what_haproxy_has_loaded(agent, workers):
    asyncio.run(agent.apply(FIRST))
    again = Agent(agent._settings, SURROUNDINGS, agent._generations, workers, lambda _: None)
    assert again.version == "1"


def test_the_provider_hears_of_a_version_only_after_it_is_applied(agent, monkeypatch):
    provider = Provider(FIRST, State("2", (PAY,)))
    follow(agent, provider, monkeypatch)
    assert provider.confirmed == ["", "1", "2"]


def test_a_provider_that_is_away_for_a_while_leaves_all_as_it_is(agent, workers, monkeypatch):
    provider = Provider(FIRST, Unreachable("away"), Unreachable("away"), FIRST)
    follow(agent, provider, monkeypatch)
    assert (agent.version, workers.reloads, agent.problem) == ("1", 1, "")


def test_the_reason_stands_until_the_state_can_be_applied(agent, workers, flaws, monkeypatch):
    flaws.append("too wide")
    follow(agent, Provider(FIRST), monkeypatch)
    assert (agent.problem, agent.failures, agent.version) == ("too wide", 1, "")
