"""Finding books in the browser, with the keyboard alone too."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import a_title

MOST_TABS = 80


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached with the keyboard")


def test_a_search_finds_a_book_and_filters_leave_it_out(open_page, seller, look):
    book = seller.sells(a_title("Northanger Abbey"), price_cents=1500)
    page = open_page()
    page.goto("/")
    page.get_by_role("searchbox").fill(book["title"])
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name=book["title"], exact=True)).to_be_visible()
    look(page, "search")
    page.get_by_label("Price to").fill("9.99")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("No book matches")).to_be_visible()
    look(page, "search-empty")
    page.get_by_role("link", name="Remove filter: up to 9.99").click()
    expect(page.get_by_role("heading", name=book["title"], exact=True)).to_be_visible()


def test_a_book_shows_what_other_sellers_ask_for_it_the_cheapest_first(open_page, seller, newcomer, look):
    title = a_title("Cranford")
    newcomer.register()
    book = seller.sells(title, price_cents=1500, condition="new", format="hardcover")
    newcomer.sells(title, price_cents=1299, condition="very_good", format="paperback")
    newcomer.sells(title, price_cents=450, condition="acceptable", format="paperback", stock=1)
    page = open_page()
    page.goto(f"/books/{book['id']}")
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_contain_text(["Price", "$4.50", "$12.99"])
    look(page, "book-offers")


def test_the_list_goes_on_and_back(open_page, seller):
    word = a_title("Shelf").split()[-1]
    for number in range(25):
        seller.sells(f"Shelf {word} volume {number}")
    page = open_page()
    page.goto(f"/books?q={word}")
    titles = page.get_by_role("main").get_by_role("heading", level=2)
    expect(titles).to_have_count(24)
    first = set(titles.all_text_contents())
    page.get_by_role("link", name="Next 24 books").click()
    expect(titles).to_have_count(1)
    assert titles.first.text_content() not in first
    page.go_back()
    expect(titles).to_have_count(24)


def test_a_book_is_found_and_put_in_the_basket_with_the_keyboard_alone(open_page, seller):
    book = seller.sells(a_title("Mansfield Park"))
    page = open_page()
    page.goto("/books")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    tab_to(page, page.get_by_role("searchbox"))
    page.keyboard.type(book["title"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/books?q=*")
    tab_to(page, page.get_by_role("link", name=book["title"], exact=True))
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert ring == "3px"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(book["title"])
    tab_to(page, page.get_by_role("button", name="Add to basket").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Basket (1)")).to_be_visible()
