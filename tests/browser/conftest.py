"""A browser before a running shop: Debian's Chromium, people with accounts, and a look at every page."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_playwright import CreateContextCallback

from tests.browser import chromium
from tests.browser.people import Person
from tests.live import Stack

REPORTS = Path(__file__).parents[2] / "reports" / "browser"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def base_url(request: pytest.FixtureRequest) -> str:
    """The shop under test: the one at SHOP_URL, or the live stack's."""
    return os.environ.get("SHOP_URL") or str(request.getfixturevalue("shop_url"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's Chromium; Playwright's own would be a download."""
    return {**browser_type_launch_args, "executable_path": chromium.path(), "args": QUIET}


@pytest.fixture
def newcomer(base_url: str) -> Iterator[Person]:
    """Somebody who has no account yet."""
    person = Person(f"Ada {uuid.uuid4().hex[:6]}", f"ada-{uuid.uuid4().hex[:12]}@example.com", base_url)
    yield person
    person.leaves()


@pytest.fixture
def seller(base_url: str) -> Iterator[Person]:
    """Somebody with an account."""
    person = Person(f"Sam {uuid.uuid4().hex[:6]}", f"sam-{uuid.uuid4().hex[:12]}@example.com", base_url)
    person.register()
    yield person
    person.leaves()


@pytest.fixture
def admin(stack: Stack, base_url: str) -> Person:
    """The first admin."""
    person = Person("Admin", stack.secret("admin-email"), base_url, password=stack.secret("admin-password"))
    person.logs_in()
    return person


@pytest.fixture
def open_page(new_context: CreateContextCallback) -> Callable[..., Page]:
    """Open a page in a browser of its own: nobody else's cookies; settings as for Playwright's contexts."""
    return lambda **settings: new_context(**settings).new_page()


@pytest.fixture
def look() -> Callable[[Page, str], None]:
    """Take a picture of the page into reports/browser, and find nothing that keeps anybody from using it."""
    axe = Axe()
    REPORTS.mkdir(parents=True, exist_ok=True)

    def look_at(page: Page, name: str) -> None:
        page.screenshot(path=REPORTS / f"{name}.png", full_page=True)
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, f"{name} scrolls sideways by {wider} px"

    return look_at
