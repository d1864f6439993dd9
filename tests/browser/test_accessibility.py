"""Every page on a wide and a narrow screen, light and dark: no barrier, no sideways scrolling, targets large enough."""

import pytest

from tests.browser.people import a_title

SCREENS = {
    "desktop-light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "desktop-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone-light": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
PUBLIC = [
    "/",
    "/books",
    "/books?q=zzzz&in_stock=1",
    "/books?min_price=x",
    "/basket",
    "/sign-in",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/reset-password?token=x",
    "/verify-email",
    "/verify-email?token=x",
    "/help",
    "/x",
]
OWN = [
    "/account",
    "/account/password",
    "/account/sessions",
    "/account/addresses",
    "/account/addresses/new",
    "/wishes",
    "/orders",
    "/selling/books",
    "/selling/books/new",
    "/selling/orders",
]
SMALLEST = 24  # px, WCAG 2.2; links within a sentence are as tall as their line
TOO_SMALL = """smallest => [...document.querySelectorAll('button, .button, input, select, textarea, nav a')]
    .filter(element => element.checkVisibility() && element.type !== 'hidden' && element.tabIndex >= 0)
    .filter(element => element.getBoundingClientRect().height < smallest && !element.closest('label'))
    .map(element => element.outerHTML)"""


def named(path: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in path).strip("-") or "home"


@pytest.mark.parametrize("screen", SCREENS)
def test_everybody_can_use_the_public_pages(open_page, look, screen):
    page = open_page(**SCREENS[screen])
    for path in PUBLIC:
        page.goto(path)
        look(page, f"{screen}-{named(path)}")
        assert page.evaluate(TOO_SMALL, SMALLEST) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_everybody_can_use_the_own_pages(open_page, look, seller, screen):
    book = seller.sells(a_title("Ivanhoe"), description="Two paragraphs.\n\nThis is the second one.")
    order = seller.orders(book)
    page = open_page(**SCREENS[screen])
    seller.signs_in(page)
    page.goto(f"/books/{book['id']}")
    page.get_by_role("button", name="Add to basket").first.click()
    book_pages = [f"/books/{book['id']}{page_of}" for page_of in ("", "/reviews", "/review")]
    own_pages = [f"/selling/books/{book['id']}/{page_of}" for page_of in ("edit", "delete")]
    order_pages = [f"/orders/{order['id']}{page_of}" for page_of in ("", "/pay", "/cancel")]
    for path in [*OWN, "/basket", "/checkout", *book_pages, *own_pages, *order_pages]:
        page.goto(path)
        look(page, f"{screen}-{named(path.replace(book['id'], 'own').replace(order['id'], 'own'))}")
        assert page.evaluate(TOO_SMALL, SMALLEST) == []


def test_nothing_moves_while_a_page_loads(open_page):
    page = open_page()
    page.goto("/books")
    moved = page.evaluate(
        """() => new Promise(done => {
            let moved = 0;
            new PerformanceObserver(list => list.getEntries().forEach(entry => moved += entry.value))
                .observe({type: 'layout-shift', buffered: true});
            setTimeout(() => done(moved), 500);
        })"""
    )
    assert moved < 0.02


def test_the_chosen_look_wins_over_the_browsers(open_page):
    page = open_page(color_scheme="light")
    page.goto("/help")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert page.url.endswith("/help")
