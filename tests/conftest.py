"""What several kinds of tests share: the images, and a live stack beside whatever the user runs."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.live import ROOT, Stack
from tests.made_up import SEED
from tests.system.openfaas import OpenFaas


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make up what the seed stands for, if there is one."""
    if SEED is not None:
        config.option.hypothesis_seed = str(SEED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how to make up the same again."""
    if SEED is not None:
        terminalreporter.write_line(f"WALK_SEED={SEED} makes up the same again.")


@pytest.fixture(scope="session")
def images() -> None:
    """The platform's images, built where they are missing."""
    subprocess.run([sys.executable, "-m", "deploy", "build"], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
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
