"""The engine itself dies while orders come in. It is one of the tests' own, so that nobody else's is harmed.

Alone: `pytest tests/system/test_engine_killed.py`, as root.
"""

import os
import shutil
import time
from collections.abc import Iterator

import pytest

from deploy.debian import TAG as DEBIAN
from deploy.recipes import plans
from tests.live import ROOT, Stack
from tests.system.engine import Engine, own_engine
from tests.system.selling import selling, sells_a_new_book
from tests.system.shop import Shop
from tests.system.waiting import eventually

NAME = "bookstore-engine"
RECOVERED_WITHIN = 90.0


@pytest.fixture
def engine(images: None) -> Iterator[Engine]:
    """An engine with the shop's images, which every command of this process talks to."""
    if os.geteuid() != 0:
        pytest.skip("an engine of its own can only be started by root")
    with own_engine() as engine, pytest.MonkeyPatch.context() as environment:
        engine.load(_images())
        environment.setenv("DOCKER_HOST", engine.address)
        environment.setenv("DEMO", "0")
        yield engine
    shutil.rmtree(ROOT / ".state" / NAME, ignore_errors=True)


@pytest.mark.timeout(600)
def test_nothing_is_lost_when_the_engine_is_killed(engine: Engine) -> None:
    stack = Stack(NAME, 8000, 8080, kept=False)
    stack.up()
    shop = Shop(stack.shop_url)
    with selling(shop) as writers:
        another = shop.registers("Ann Other")
        engine.kill()
        engine.start()
        started = time.monotonic()
        engine.wait()
        eventually(lambda: sells_a_new_book(another), within=RECOVERED_WITHIN, what="a sale after the restart")
        writers.go_on(within=started + RECOVERED_WITHIN - time.monotonic())
    audited = stack.audit()
    assert audited.returncode == 0, audited.stdout + audited.stderr


def _images() -> list[str]:
    """What `make up` would otherwise build anew."""
    return [plan.tag for plan in plans(DEBIAN).values()]
