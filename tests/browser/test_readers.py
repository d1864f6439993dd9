"""What readers do beside buying, in the browser: reviews, wishes, saved addresses."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import GOOD_CARD, Person, a_title, eventually, fill_address, place_order


def bought(book: dict, *, by: Person, of: Person) -> dict:
    """An order that is paid and shipped."""
    order = by.orders(book)
    by.pays(order)
    of.call("POST", f"/orders/{order['id']}/ship")
    return order


def saves_review(page: Page) -> None:
    """Send the review, again while the sale has not reached the catalog yet."""

    def saved() -> bool:
        page.get_by_role("button", name="Save your review").click()
        page.wait_for_load_state()
        return not page.url.endswith("/review")

    eventually(saved)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_buyer_reviews_a_book_changes_the_review_and_takes_it_back(open_page, seller, newcomer, look, scripts):
    seen = look if scripts else (lambda *_: None)
    newcomer.register()
    book = seller.sells(a_title("The Midnight Bell"))
    order = bought(book, by=newcomer, of=seller)
    page = open_page(java_script_enabled=scripts)
    newcomer.signs_in(page)
    page.goto(f"/orders/{order['id']}")
    page.get_by_role("link", name=f"Review {book['title']}").click()
    page.get_by_role("button", name="Save your review").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose how many stars you give it.")
    seen(page, "review-errors")
    page.get_by_label("4 stars").check()
    page.get_by_label("Your review").fill("Dreadful.\n\nAnd well packed.")
    saves_review(page)
    expect(page.get_by_role("status")).to_have_text("Your review is saved.")
    reviews = page.locator("#reviews")
    expect(reviews).to_contain_text(newcomer.name)
    expect(reviews.get_by_text("And well packed.", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="4.0 of 5 stars, 1 review")).to_be_visible()
    seen(page, "reviewed-book")
    reviews.get_by_role("link", name="Write or change yours").click()
    expect(page.get_by_label("4 stars")).to_be_checked()
    page.get_by_label("5 stars").check()
    saves_review(page)
    expect(page.get_by_role("link", name="5.0 of 5 stars, 1 review")).to_be_visible()
    reviews.get_by_role("link", name="Write or change yours").click()
    page.get_by_role("link", name="Take it back").click()
    seen(page, "withdraw-review")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_have_text("Your review is taken back.")
    expect(page.get_by_text("Nobody has reviewed it yet.")).to_be_visible()


def test_who_did_not_buy_a_book_is_told_so_and_keeps_what_was_typed(open_page, seller, newcomer, look):
    book = seller.sells(a_title("Clermont"))
    newcomer.register()
    page = open_page()
    newcomer.signs_in(page)
    page.goto(f"/books/{book['id']}/review")
    page.get_by_label("1 star").check()
    page.get_by_label("Your review").fill("Never seen it.")
    page.get_by_role("button", name="Save your review").click()
    expect(page.get_by_role("alert")).to_contain_text("Only who bought a work")
    expect(page.get_by_label("1 star")).to_be_checked()
    expect(page.get_by_label("Your review")).to_have_value("Never seen it.")
    look(page, "review-not-bought")


def test_a_review_is_reported_where_it_stands(open_page, seller, newcomer, admin, look):
    newcomer.register()
    book = seller.sells(a_title("The Necromancer"))
    bought(book, by=newcomer, of=seller)
    page = open_page()
    newcomer.signs_in(page)
    page.goto(f"/books/{book['id']}/review")
    page.get_by_label("2 stars").check()
    saves_review(page)
    reader = open_page()
    seller.signs_in(reader)
    reader.goto(f"/books/{book['id']}/reviews")
    reader.get_by_text(f"Report the review by {newcomer.name}").click()
    reader.get_by_label("Why should it not be shown?").fill("It says nothing of the book.")
    look(reader, "report-review")
    reader.get_by_role("button", name="Send the report").click()
    expect(reader.get_by_role("status")).to_contain_text("An administrator looks at the review.")
    expect(reader).to_have_url(re.compile("/reviews$"))
    (reported,) = [review for review in admin.call("GET", "/reviews")["items"] if review["work_id"] == book["work_id"]]
    assert reported["reports"][0]["reason"] == "It says nothing of the book."


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_is_told_of_a_copy_and_takes_the_wish_off(open_page, seller, newcomer, look, scripts):
    seen = look if scripts else (lambda *_: None)
    newcomer.register()
    book = seller.sells(a_title("The Orphan of the Rhine"), stock=0)
    page = open_page(java_script_enabled=scripts)
    newcomer.signs_in(page)
    page.goto(f"/books/{book['id']}")
    seen(page, "sold-out-book")
    page.get_by_role("button", name="Tell me when it is back").click()
    expect(page.get_by_role("status")).to_have_text("We send you a mail when there is a copy for you.")
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Your wish list").click()
    wish = page.get_by_role("listitem").filter(has_text=book["title"])
    expect(wish).to_contain_text("We send you a mail")
    seen(page, "wishes-waiting")
    body = {"title": book["title"], "authors": ["Mary Shelley"], "price_cents": 1099, "stock": 1, "condition": "new"}
    seller.call("PUT", f"/books/{book['id']}", body, **{"If-Match": f'"{book["version"]}-0"'})
    eventually(lambda: "told_at" in newcomer.call("GET", "/users/me/wishes")["items"][0])
    page.reload()
    expect(wish).to_contain_text("We told you of a copy on")
    seen(page, "wishes-told")
    wish.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_have_text("It is off your wish list.")
    expect(page.get_by_text("You have no wishes yet.")).to_be_visible()


def test_an_address_kept_at_the_checkout_is_chosen_at_the_next(open_page, seller, newcomer, look):
    newcomer.register()
    book = seller.sells(a_title("The Castle of Wolfenbach"))
    page = open_page()
    newcomer.signs_in(page)

    def to_checkout() -> None:
        page.goto(f"/books/{book['id']}")
        page.get_by_role("button", name="Add to basket").first.click()
        page.get_by_role("button", name="Check out").click()

    to_checkout()
    fill_address(page)
    page.get_by_label("Keep this address for the next time").check()
    place_order(page, GOOD_CARD)
    expect(page.get_by_role("status")).to_have_text("Thank you for your order.")
    to_checkout()
    expect(page.get_by_label(re.compile("Calle 26 # 13-19, Bogotá"))).to_be_checked()
    expect(page.get_by_label("Street and number")).to_be_hidden()
    look(page, "checkout-saved-address")
    page.get_by_label("Another address").check()
    expect(page.get_by_label("Street and number")).to_be_visible()
    page.get_by_label(re.compile("Calle 26 # 13-19, Bogotá")).check()
    place_order(page, GOOD_CARD)
    expect(page.get_by_text("Calle 26 # 13-19")).to_be_visible()
    page.goto("/account/addresses")
    look(page, "addresses")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Town or city").fill("Medellín")
    page.get_by_role("button", name="Save the address").click()
    expect(page.get_by_role("status")).to_have_text("The address is saved.")
    expect(page.get_by_text("Medellín").first).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("You have saved no address.")).to_be_visible()
