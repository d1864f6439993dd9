import pytest

from faas.gateway.functions import State
from faas.gateway.generations import Generations
from tests.unit.gateway.samples import GET_BOOK, STATE


@pytest.fixture
def generations(tmp_path):
    for name in ("volume", "run"):
        (tmp_path / name).mkdir()
    return Generations(tmp_path / "volume", tmp_path / "run")


def adopt(generations, text, state=STATE):
    generations.adopt(generations.stage({"haproxy.cfg": text}, state))


def test_what_is_staged_is_not_in_use(generations):
    adopt(generations, "good")
    generations.stage({"haproxy.cfg": "unchecked"}, STATE)
    assert (generations.current / "haproxy.cfg").read_text() == "good"


def test_what_is_adopted_is_in_use_and_so_is_its_state(generations):
    adopt(generations, "one", State("1"))
    adopt(generations, "two", State("2", (GET_BOOK,)))
    assert (generations.current / "haproxy.cfg").read_text() == "two"
    assert generations.state() == State("2", (GET_BOOK,))


def test_only_the_generation_in_use_and_the_one_before_are_kept(generations, tmp_path):
    for text in ("one", "two", "three", "four"):
        adopt(generations, text)
    kept = [path for path in (tmp_path / "volume").iterdir() if path.is_dir() and not path.is_symlink()]
    assert sorted((path / "haproxy.cfg").read_text() for path in kept) == ["four", "three"]


def test_a_volume_of_nothing_has_no_state(generations):
    assert generations.state() is None
    assert generations.in_use() is None


def test_a_torn_state_counts_as_none(generations):
    adopt(generations, "one")
    (generations.current / "state.json").write_text('{"version": "1", "func')
    assert generations.state() is None


def test_a_mark_changed_at_run_time_is_there_after_a_restart(generations):
    adopt(generations, "one", State("1"))
    generations.rewrite("cold.map", "echo 1\n", State("2"))
    assert (generations.current / "cold.map").read_text() == "echo 1\n"
    assert generations.state() == State("2")


def test_an_agent_knows_whether_haproxy_has_loaded_what_is_in_use(generations):
    adopt(generations, "one")
    assert not generations.is_loaded()
    generations.note_loaded()
    assert generations.is_loaded()
    adopt(generations, "two")
    assert not generations.is_loaded()
