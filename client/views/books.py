"""Finding books: the home page, the list with its filters, a book's page, covers."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from client.api import Answer, ApiError, Call, at
from client.covers import cover
from client.forms import Form
from client.identity import send, send_all
from client.money import cents, plain
from client.pages import authors, cover_url, settings
from client.vocabulary import FORMATS, LANGUAGES, SORTS, subject

pages = Blueprint("books", __name__)

PAGE = 24
NEW_ARRIVALS = 12
BARGAINS = 6
BARGAIN_CENTS = 1000
NEWEST_REVIEWS = 3
FILTERS = ("q", "author", "seller", "subject", "language", "format", "min_price", "max_price", "in_stock", "sort")


@pages.get("/")
def home() -> str:
    """Show the search, the newest books and some that cost little."""
    newest, bargains = send_all(
        [
            Call("GET", "/books", {"sort": "newest", "limit": NEW_ARRIVALS}),
            Call("GET", "/books", {"max_price": BARGAIN_CENTS, "in_stock": "true", "limit": NEW_ARRIVALS + BARGAINS}),
        ]
    )
    if isinstance(newest, ApiError):
        raise newest
    seen = {book["id"] for book in newest.body["items"]}
    others = [book for book in items(bargains) if book["id"] not in seen]
    return render_template(
        "home.html", newest=newest.body["items"], bargains=others[:BARGAINS], most_cents=BARGAIN_CENTS
    )


@pages.get("/books")
def search() -> Response | tuple[str, int]:
    """Show the books that the query and the filters leave, a page at a time; a page that is none leads to the first."""
    form = Form({name: request.args[name] for name in (*FILTERS, "cursor") if request.args.get(name, "").strip()})
    query = _query(form)
    found: dict[str, Any] = {"items": [], "next_cursor": None}
    if not form.errors:
        try:
            found = send(Call("GET", "/books", query)).body
        except ApiError as error:
            if error.status != 400:
                raise
            if "cursor" in error.fields:
                return redirect(url_for(".search", **_chosen(form)))
            form.take(error)
    page = render_template(
        "books.html",
        form=form,
        chosen=_chosen(form),
        chips=_chips(form),
        meant=_meant(form, found),
        books=found["items"],
        following=found["next_cursor"],
    )
    return page, 400 if form.errors else 200


def _chosen(form: Form) -> dict[str, Any]:
    return {name: form.values[name] for name in FILTERS if name in form.values}


def _chips(form: Form) -> list[tuple[str, str]]:
    """The filters in force: what each says, and the value's name to leave out in order to lift it."""
    names = {
        "author": "by {}",
        "subject": "{}",
        "language": "in {}",
        "format": "{}",
        "min_price": "from {}",
        "max_price": "up to {}",
        "in_stock": "in stock",
        "seller": "from one seller",
    }
    words: dict[str, Callable[[str], str]] = {
        "subject": subject,
        "language": lambda code: LANGUAGES.get(code, code),
        "format": lambda code: FORMATS.get(code, code),
    }
    chosen = {name: form.text(name) for name in names if name in form.values}
    return [(names[name].format(words.get(name, str)(text)), name) for name, text in chosen.items()]


def _meant(form: Form, found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What may have been meant in place of what was looked for, and the search for it with the same filters."""
    told = {"q": found.get("did_you_mean"), "author": found.get("did_you_mean_author")}
    return [(text, {**_chosen(form), name: text}) for name, text in told.items() if text]


def _query(form: Form) -> dict[str, Any]:
    """The API's parameters for the filters."""
    query: dict[str, Any] = {name: form.text(name) for name in form.values}
    for name in ("min_price", "max_price"):
        if name in query:
            query[name] = form.read(name, lambda text: cents(text, settings().currency))
    if "in_stock" in query:
        query["in_stock"] = "true"
    if query.get("sort", "newest") not in SORTS:
        del query["sort"]
    return {**query, "limit": PAGE}


@pages.get("/books/<book_id>")
def book(book_id: str) -> str:
    """Show one listing, the other offers of the same work, its newest reviews, and more by its author."""
    shown = send(Call("GET", at("books", book_id))).body
    reviews = Call("GET", at("works", shown["work_id"], "reviews"), {"limit": NEWEST_REVIEWS})
    offers, more, *reviewed = send_all(
        [
            Call("GET", "/books", {"work": shown["work_id"], "sort": "price", "limit": 20}),
            Call("GET", "/books", {"author": shown["contributors"][0]["name"], "limit": 7}),
            *([reviews] if shown.get("rating") else []),
        ]
    )
    others = [offer for offer in items(offers) if offer["id"] != book_id]
    by_author = [other for other in items(more) if other["work_id"] != shown["work_id"]][:6]
    return render_template(
        "book.html",
        book=shown,
        offers=others,
        reviews=[review for answer in reviewed for review in items(answer)],
        more=by_author,
        data=_for_machines(shown),
    )


def items(answer: Answer | ApiError) -> list[dict[str, Any]]:
    """The entries of a list that only adorns a page: none when the API does not give it."""
    return [] if isinstance(answer, ApiError) else list(answer.body["items"])


def _for_machines(book: Mapping[str, Any]) -> dict[str, Any]:
    """The book in schema.org's words."""
    rating = book.get("rating")
    data = {
        "@context": "https://schema.org",
        "@type": "Book",
        "name": book["title"],
        "author": [{"@type": "Person", "name": entry["name"]} for entry in book["contributors"]],
        "isbn": book.get("isbn13"),
        "inLanguage": book.get("language"),
        "aggregateRating": rating
        and {"@type": "AggregateRating", "ratingValue": rating["average"], "reviewCount": rating["count"]},
        "offers": {
            "@type": "Offer",
            "price": plain(book["price_cents"], book["currency"]),
            "priceCurrency": book["currency"],
            "availability": f"https://schema.org/{'InStock' if book['stock'] else 'OutOfStock'}",
        },
    }
    return {name: value for name, value in data.items() if value is not None}


@pages.get("/covers/<book_id>/<name>.svg")
def cover_file(book_id: str, name: str) -> Response:
    """Draw a book's cover; under its own name it may be kept for good, under an old one it leads to the new."""
    found = send(Call("GET", at("books", book_id))).body
    current = cover_url(found)
    if current != url_for(".cover_file", book_id=book_id, name=name):
        return redirect(current)
    response = make_response(str(cover(found["title"], authors(found))))
    response.content_type = "image/svg+xml; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
