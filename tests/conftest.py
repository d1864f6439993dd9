"""What several kinds of tests share: the images, a live stack beside the user's own, and how they are dealt out.

`make test` has two workers: one has the live stack for itself, the other all that needs none. The first helps the
second in the end.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.live import ROOT, Stack
from tests.made_up import SEED
from tests.system.openfaas import OpenFaas


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make up what the seed stands for, if there is one."""
    if SEED is not None:
        config.option.hypothesis_seed = str(SEED)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of several workers, let the first begin with the live stack, and the second with what needs no images yet.

    Three machines come last: while images are built they are slow to take one back that had lost its power.
    """
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: ["live", "unit", "engine", "integration", "cluster"].index(_kind_of(item.nodeid)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Deal the tests out to several workers in the order in which they were sorted."""
    config.option.loadscopereorder = False
    return _Dealer(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how to make up the same again."""
    if SEED is not None:
        terminalreporter.write_line(f"WALK_SEED={SEED} makes up the same again.")


@pytest.fixture(scope="session")
def images() -> None:
    """The platform's images, built where they are missing, by one worker while others wait."""
    (ROOT / ".state").mkdir(exist_ok=True)
    with (ROOT / ".state" / "building").open("w") as building:
        fcntl.flock(building, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-m", "deploy", "build"], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def stack(images: None) -> Iterator[Stack]:
    """The whole shop, live on this machine's Swarm under its own name and ports."""
    live = Stack.from_environment()
    live.up()
    yield live
    if not live.kept:
        live.destroy()


@pytest.fixture(scope="session")
def openfaas(stack: Stack) -> OpenFaas:
    """The gateway's API, as the operator."""
    user, password = stack.secret("basic-auth-user"), stack.secret("basic-auth-password")
    return OpenFaas(stack.gateway_url, user, password, stack.network)


@pytest.fixture(scope="session")
def shop_url(stack: Stack) -> str:
    """Where the live stack's shop answers browsers."""
    return stack.shop_url


class _Dealer(LoadScopeScheduling):
    """Gives all tests of the live stack to one worker, and others file by file."""

    def _split_scope(self, nodeid: str) -> str:
        return "live" if _kind_of(nodeid) == "live" else nodeid.partition("::")[0]


def _kind_of(nodeid: str) -> str:
    _, kind, file, *_ = nodeid.partition("::")[0].split("/")
    if file == "test_engine_killed.py":
        return "engine"
    return "live" if kind in {"system", "browser"} else kind
