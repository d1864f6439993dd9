"""From a book on a shelf at home to a paid order, in the browser, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import DECLINED_CARD, GOOD_CARD, PASSWORD, a_title, fill_address, fill_card, place_order


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_newcomer_registers_lists_a_book_buys_it_and_pays(open_page, newcomer, look, scripts):
    page = open_page(java_script_enabled=scripts)
    seen = look if scripts else (lambda *_: None)
    title = a_title("Notes on the Engine")
    page.goto("/")
    seen(page, "purchase-1-home")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Name").fill(newcomer.name)
    page.get_by_label("E-mail address").fill(newcomer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("link", name="Sell a book").click()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Authors").fill("Ada Lovelace\nLuigi Menabrea (translator)")
    page.get_by_label("Price in").fill("12.50")
    page.get_by_label("Copies in stock").fill("3")
    page.get_by_role("button", name="Put on sale").click()
    expect(page.get_by_role("status")).to_have_text("Your book is on sale.")
    seen(page, "purchase-2-book")
    page.get_by_role("button", name="Add to basket").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your basket")
    seen(page, "purchase-3-basket")
    page.get_by_role("button", name="Check out").click()
    fill_address(page)
    seen(page, "purchase-4-checkout")
    place_order(page, GOOD_CARD)
    expect(page.get_by_role("status")).to_have_text("Thank you for your order.")
    expect(page.get_by_role("listitem").filter(has_text="Paid").first).to_have_attribute("aria-current", "step")
    expect(page.get_by_text("Visa ending in 4242")).to_be_visible()
    expect(page.get_by_text("$16.49", exact=True)).to_be_visible()
    seen(page, "purchase-5-order")
    page.get_by_role("button", name="Mark as shipped").click()
    expect(page.get_by_role("status")).to_have_text("Marked as shipped.")
    page.get_by_role("link", name="Orders", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text=title)).to_contain_text("Shipped")
    seen(page, "purchase-6-orders")


def test_a_declined_card_keeps_what_was_typed_and_another_card_pays(open_page, seller, newcomer, look):
    book = seller.sells(a_title("Frankenstein"))
    newcomer.register()
    page = open_page()
    newcomer.signs_in(page)
    page.goto(f"/books/{book['id']}")
    page.get_by_role("button", name="Add to basket").first.click()
    page.get_by_role("button", name="Check out").click()
    page.get_by_label("Pick up at the shop").check()
    expect(page.get_by_label("Street and number")).to_be_hidden()
    place_order(page, DECLINED_CARD)
    expect(page.get_by_role("status")).to_contain_text("You were not charged")
    expect(page.get_by_label("Name on the card")).to_have_value("Ada Lovelace")
    expect(page.get_by_label("Card number")).to_have_value("")
    expect(page.get_by_label("Security code")).to_have_value("")
    look(page, "declined")
    fill_card(page, GOOD_CARD)
    page.get_by_role("button", name="Pay $10.99").click()
    expect(page.get_by_text("ending in 4242")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_order_sent_twice_and_again_from_the_history_is_placed_once(open_page, seller, newcomer, scripts):
    book = seller.sells(a_title("Middlemarch"))
    newcomer.register()
    newcomer.call("POST", f"/orders/{newcomer.orders(book)['id']}/cancel")
    page = open_page(java_script_enabled=scripts)
    newcomer.signs_in(page)
    page.goto(f"/books/{book['id']}")
    page.get_by_role("button", name="Add to basket").first.click()
    page.get_by_role("button", name="Check out").click()
    page.get_by_label("Pick up at the shop").check()
    fill_card(page, GOOD_CARD)
    page.get_by_role("button", name="Place order and pay").dblclick()
    expect(page.get_by_role("status")).to_have_text("Thank you for your order.")
    page.go_back()
    if page.get_by_role("button", name="Place order and pay").count():
        place_order(page, GOOD_CARD)
    assert [order["status"] for order in newcomer.call("GET", "/orders")["items"]] == ["paid", "cancelled"]


def test_an_order_is_cancelled_after_a_question(open_page, seller, newcomer, look):
    newcomer.register()
    order = newcomer.orders(seller.sells(a_title("Carmilla")))
    page = open_page()
    newcomer.signs_in(page)
    page.goto(f"/orders/{order['id']}")
    expect(page.get_by_role("link", name="Pay now")).to_be_visible()
    look(page, "order-pending")
    page.get_by_role("link", name="Cancel the order").click()
    look(page, "cancel")
    page.get_by_role("button", name="Cancel the order").click()
    expect(page.get_by_role("status")).to_have_text("The order is cancelled.")
    expect(page.get_by_role("link", name="Pay now")).to_have_count(0)


def test_a_price_that_rose_is_told_before_the_checkout(open_page, seller, look):
    book = seller.sells(a_title("Dracula"))
    page = open_page()
    page.goto(f"/books/{book['id']}")
    page.get_by_role("button", name="Add to basket").first.click()
    body = {"title": book["title"], "authors": ["Mary Shelley"], "price_cents": 1299, "stock": 5, "condition": "new"}
    seller.call("PUT", f"/books/{book['id']}", body, **{"If-Match": f'"{book["version"]}-{book["stock"]}"'})
    page.goto("/basket")
    expect(page.get_by_role("status")).to_contain_text("the price changed from $10.99 to $12.99")
    look(page, "basket-price-changed")
    page.get_by_role("button", name="Check out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
