"""A seller's books in the browser."""

import re

from playwright.sync_api import expect

from tests.browser.people import a_title


def test_a_book_that_changed_in_another_window_is_shown_in_both_versions(open_page, seller, look):
    book = seller.sells(a_title("Emma"))
    page = open_page()
    seller.signs_in(page)
    page.goto(f"/selling/books/{book['id']}/edit")
    other = page.context.new_page()
    other.goto(f"/selling/books/{book['id']}/edit")
    other.get_by_label("Price in").fill("20.00")
    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_role("status")).to_have_text("Your changes are saved.")
    page.get_by_label("Price in").fill("15.00")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("row", name="Price")).to_have_text("Price15.0020.00")
    look(page, "edit-stale")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("status")).to_have_text("Your changes are saved.")
    expect(page.get_by_role("listitem").filter(has_text=book["title"])).to_contain_text("$15.00")
    look(page, "my-books")


def test_a_book_of_which_the_title_is_edited_keeps_all_else(open_page, seller):
    known = {
        "subtitle": "Primera parte",
        "authors": None,
        "contributors": [
            {"name": "Miguel de Cervantes", "role": "author"},
            {"name": "Charles Jarvis (translator)", "role": "translator", "onix_role": "B08"},
            {"name": "Prince (singer)", "role": "author"},
        ],
        "isbn13": "9780141439587",
        "publisher": "Ático & Hijos",
        "published": "-1605-01-16",
        "language": "es-CO",
        "format": "hardcover",
        "pages": 863,
        "series": {"title": "Clásicos", "volume": "1½"},
        "subjects": ["FBC", "1DSE-ES-A"],
        "description": "<p>One &amp; two</p>\n\n<p>Three</p>",
        "description_format": "html",
        "condition": "good",
    }
    before = seller.sells(a_title("Quijote"), **known)
    page = open_page()
    seller.signs_in(page)
    page.goto(f"/selling/books/{before['id']}/edit")
    page.get_by_label("Title", exact=True).fill(f"Don {before['title']}")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("status")).to_have_text("Your changes are saved.")
    after = seller.call("GET", f"/books/{before['id']}")
    assert after["title"] == f"Don {before['title']}"
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed <= {"title", "work_id", "version", "updated_at"}


def test_a_book_is_deleted_after_a_question(open_page, seller, look):
    book = seller.sells(a_title("Persuasion"))
    page = open_page()
    seller.signs_in(page)
    page.goto("/selling/books")
    page.get_by_role("link", name=f"Delete {book['title']}").click()
    look(page, "delete")
    page.get_by_role("button", name="Delete the book").click()
    expect(page.get_by_role("status")).to_have_text("The book is deleted.")
    page.goto(f"/books/{book['id']}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")


def test_a_seller_ships_an_order_and_pays_it_back(open_page, seller, newcomer, look):
    newcomer.register()
    order = newcomer.orders(seller.sells(a_title("Villette")))
    newcomer.pays(order)
    page = open_page()
    seller.signs_in(page)
    page.goto("/selling/orders")
    look(page, "to-ship")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Order [0-9A-F]")).click()
    expect(page.get_by_role("heading", name=f"Ordered by {newcomer.name}")).to_be_visible()
    page.get_by_label("Tracking number").fill("RR123456758CO")
    page.get_by_role("button", name="Mark as shipped").click()
    expect(page.get_by_text("RR123456758CO")).to_be_visible()
    page.goto("/selling/orders")
    page.get_by_text("Correct the tracking number").click()
    look(page, "correct-tracking")
    page.get_by_label("Tracking number").fill("RR123456785CO")
    page.get_by_label("Carrier").fill("4-72")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The tracking number is saved.")
    expect(page.get_by_text("RR123456785CO")).to_be_visible()
    page.get_by_role("link", name="Refund this parcel").click()
    look(page, "refund")
    page.get_by_role("button", name="Refund the buyer").click()
    expect(page.get_by_role("status")).to_have_text("The buyer is refunded.")
    look(page, "refunded")


def test_what_is_wrong_with_a_book_is_said_at_the_top_and_at_each_field(open_page, seller, look):
    page = open_page()
    seller.signs_in(page)
    page.goto("/selling/books/new")
    page.get_by_label("Price in").fill("cheap")
    page.get_by_role("button", name="Put on sale").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Write the amount like 10.99.").click()
    expect(page.get_by_label("Price in")).to_be_focused()
    expect(page.get_by_label("Price in")).to_have_value("cheap")
    look(page, "sell-errors")
