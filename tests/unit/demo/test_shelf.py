"""The demo's books are ones that a seller could list."""

from collections import Counter

from bookstore.demo.shelf import SELLERS, offers


def test_every_row_is_a_listing_and_each_run_makes_the_same_ones():
    once = list(offers())
    assert len(once) >= 300
    assert once == list(offers())


def test_no_book_was_typed_in_twice():
    typed = Counter((book.title, book.first_author, book.language) for _, book in offers())
    assert [book for book, times in typed.items() if times > 1] == []


def test_every_seller_has_books_most_of_them_in_stock_at_likely_prices():
    books = list(offers())
    assert {seller for seller, _ in books} == set(SELLERS)
    assert sum(book.stock > 0 for _, book in books) > len(books) * 0.8
    assert all(199 <= book.price_cents <= 3999 and book.price_cents % 10 == 9 for _, book in books)
