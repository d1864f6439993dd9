"""The live shop as its users and its operator meet it."""

from collections.abc import Callable, Iterator

import pytest

from tests.live import Stack
from tests.system.containers import docker
from tests.system.functions import READY, behaving_image
from tests.system.openfaas import OpenFaas
from tests.system.shop import Json, Person, Shop
from tests.system.waiting import eventually


@pytest.fixture(scope="session")
def shop(stack: Stack) -> Shop:
    """The shop's public API."""
    return Shop(stack.shop_url)


@pytest.fixture(scope="session")
def upstream(stack: Stack) -> bool:
    """Whether OpenFaaS' own gateway is in the path, which has some ways of its own (docs/differs.md)."""
    return bool(docker("service", "ls", "--quiet", "--filter", f"name={stack.name}_upstream"))


# An access token lasts ten minutes: nobody stays for longer than a file of tests.
@pytest.fixture(scope="module")
def seller(shop: Shop) -> Person:
    """Somebody who sells books."""
    return shop.registers("Sam Seller")


@pytest.fixture(scope="module")
def buyer(shop: Shop) -> Person:
    """Somebody who buys books."""
    return shop.registers("Bea Buyer")


@pytest.fixture(scope="module")
def stranger(shop: Shop) -> Person:
    """Somebody who has nothing to do with it."""
    return shop.registers("Stu Stranger")


@pytest.fixture(scope="module")
def admin(shop: Shop, stack: Stack) -> Person:
    """The first admin."""
    return shop.signs_in(stack.secret("admin-email"), stack.secret("admin-password"))


@pytest.fixture
def book(seller: Person, buyer: Person) -> Json:
    """A book of five copies that can be ordered."""
    made = seller.lists()
    order = eventually(lambda: buyer.can_order(made), within=10, what="an order of a new book")
    buyer.send("POST", f"/orders/{order['id']}/cancel")
    eventually(lambda: buyer.shop.book(made["id"])["stock"] == 5, within=10, what="the stock after a cancelled order")
    return made


@pytest.fixture
def balanced(stack: Stack) -> Iterator[None]:
    """Whatever a test did to the shop: when it is over, stock, money and copies must balance."""
    yield
    audited = stack.audit()
    assert audited.returncode == 0, audited.stdout + audited.stderr


@pytest.fixture(scope="session")
def behaving(stack: Stack) -> Iterator[None]:
    """The image of functions that are well or ill as their environment says."""
    with behaving_image():
        yield


@pytest.fixture
def names(openfaas: OpenFaas) -> Iterator[Callable[[str], str]]:
    """Gives names to functions that are removed when the test is over."""
    given: list[str] = []

    def name(short: str) -> str:
        given.append(f"prov-{short}")
        return given[-1]

    yield name
    for each in given:
        openfaas.remove(each)
    eventually(lambda: not set(given) & set(openfaas.functions()), within=READY, what="the functions' removal")
