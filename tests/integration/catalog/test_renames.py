"""A new name comes to whatever is shown under the old one, whenever and however often it is told."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from bookstore.catalog import batches, renames
from bookstore.catalog.books import add_book
from bookstore.catalog.imports import work
from bookstore.catalog.models import BookIn
from bookstore.catalog.people import named
from bookstore.clock import now
from bookstore.database import execute, fetch_all, opened
from bookstore.events.envelope import Event
from bookstore.identity import User
from bookstore.secrets import secret
from tests.handlers import call
from tests.integration.catalog.conftest import EMMA, token_of
from tests.integration.catalog.importing import HEAD, due, run, started, worked
from tests.integration.catalog.market import buys
from tests.integration.catalog.test_books import told
from tests.integration.together import together

SAM = User("sam", "Sam", "user")


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(renames, "_BATCH", 2)


@pytest.fixture
def after_the_first_batch(small_batches, monkeypatch):
    """Has something else happen when a renaming has come past its first batch."""

    def happens(act):
        take, happened = renames._rename_listings, []

        def then_goes_on(db, *, event, after):
            if after and not happened:
                happened.append(True)
                with ThreadPoolExecutor(1) as other:
                    other.submit(act).result()
            return take(db, event=event, after=after)

        monkeypatch.setattr(renames, "_rename_listings", then_goes_on)

    return happens


def renamed(name, version, *, who="sam"):
    return Event(
        type="user.renamed", subject=who, version=version, data={"user_id": who, "name": name, "version": version}
    )


def rename(name, version, *, who="sam"):
    assert call("rename-seller", renamed(name, version, who=who).to_json()).status == 204


def leave(who="sam"):
    event = Event(type="user.deleted", subject=who, version=1, data={"user_id": who})
    assert call("forget-seller", event.to_json()).status == 204


def names(db, who="sam"):
    rows = fetch_all(db, "SELECT seller_name AS name FROM books WHERE seller_id = %s ORDER BY number", [who])
    return [row["name"] for row in rows]


def reviewers(db):
    return [row["user_name"] for row in fetch_all(db, "SELECT user_name FROM reviews ORDER BY id")]


def changes(db):
    """What was told of changed listings: the seller's name and the version."""
    return [(event.data["seller_name"], event.version) for event in told(db) if event.type == "book.updated"]


def review(book, token):
    return call("write-review", {"rating": 4}, path=f"/{book['work_id']}", token=token)


def is_held_up(job):
    """Whether something is not done yet, for somebody else holds what it needs."""
    with suppress(TimeoutError):
        job.result(timeout=0.5)
    return not job.done()


def test_every_listing_and_review_gets_the_new_name_and_the_orders_hear_of_it(
    catalog_db, list_book, sam, sue, small_batches
):
    mine = [list_book(title=f"Book {number}").body["id"] for number in range(5)]
    hers = list_book(sue).body
    buys(hers, buyer="sam")
    before = review(hers, sam).body
    rename("Samuel", 2)
    assert names(catalog_db) == ["Samuel"] * 5
    assert (names(catalog_db, "sue"), reviewers(catalog_db)) == (["Sue"], ["Samuel"])
    events = [event for event in told(catalog_db) if event.type == "book.updated"]
    assert [(event.subject, event.version, event.data["seller_name"]) for event in events] == [
        (book_id, 2, "Samuel") for book_id in mine
    ]
    assert {(event.data["stock_supplied"], event.data["price_cents"]) for event in events} == {(10, 1299)}
    (after,) = call("list-reviews", path=f"/{hers['work_id']}").body["items"]
    assert (after["author"], after["updated_at"]) == ({"name": "Samuel"}, before["updated_at"])


def test_a_name_that_is_told_again_changes_nothing(catalog_db, list_book):
    list_book()
    for _ in range(3):
        rename("Samuel", 2)
    assert changes(catalog_db) == [("Samuel", 2)]


def test_an_older_name_that_comes_late_changes_nothing(catalog_db, list_book):
    list_book()
    for version in (4, 2, 3, 4):
        rename(f"Sam the {version}th", version)
    assert changes(catalog_db) == [("Sam the 4th", 2)]
    assert list_book().body["seller"]["name"] == "Sam the 4th"


def test_a_name_that_differs_in_case_or_accents_only_is_another_name(catalog_db, list_book):
    list_book()
    for version, name in enumerate(("SAM", "Sám"), 2):
        rename(name, version)
    assert changes(catalog_db) == [("SAM", 2), ("Sám", 3)]


def test_a_renaming_that_was_cut_short_is_gone_on_with(catalog_db, list_book, small_batches, monkeypatch):
    for number in range(5):
        list_book(title=f"Book {number}")
    append_all, batches = renames.append_all, []

    def killed_in_the_second_batch(db, events):
        batches.append(events)
        if len(batches) == 2:
            raise KeyboardInterrupt
        append_all(db, events)

    monkeypatch.setattr(renames, "append_all", killed_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        rename("Samuel", 2)
    assert names(catalog_db) == ["Samuel"] * 2 + ["Sam"] * 3
    rename("Samuel", 2)
    assert names(catalog_db) == ["Samuel"] * 5
    assert changes(catalog_db) == [("Samuel", 2)] * 5


def test_a_renaming_stops_where_a_newer_name_has_come(catalog_db, list_book, sam, sue, after_the_first_batch):
    hers = list_book(sue).body
    buys(hers, buyer="sam")
    review(hers, sam)
    for number in range(5):
        list_book(title=f"Book {number}")
    after_the_first_batch(lambda: rename("Sammy", 3))
    rename("Samuel", 2)
    assert names(catalog_db) == ["Sammy"] * 5
    assert reviewers(catalog_db) == ["Sammy"]
    assert sorted(changes(catalog_db)) == [("Sammy", 2)] * 3 + [("Sammy", 3)] * 2 + [("Samuel", 2)] * 2


@pytest.mark.parametrize("known", [False, True])
def test_a_book_that_is_listed_while_its_seller_is_renamed_has_the_new_name(catalog_db, list_book, known):
    if known:
        list_book()
    with opened(secret("catalog-db")) as other, ThreadPoolExecutor(1) as pool:
        other.begin()
        # A renaming that was done now would not see the book, which is about to be listed under this name.
        assert named(other, SAM).name == "Sam"
        renaming = pool.submit(rename, "Samuel", 2)
        assert is_held_up(renaming)
        add_book(other, BookIn(**EMMA), seller=SAM, trace="", at=now())
        other.commit()
        renaming.result(timeout=10)
    assert names(catalog_db) == ["Samuel"] * (1 + known)


def test_a_book_that_is_listed_once_the_new_name_is_known_has_it_whatever_the_token_says(catalog_db, list_book, sam):
    rename("Samuel", 2)
    assert list_book(sam).body["seller"] == {"id": "sam", "name": "Samuel"}
    assert [event.data["seller_name"] for event in told(catalog_db)] == ["Samuel"]


def test_whoever_lists_reviews_and_is_renamed_at_once_has_one_name_in_the_end(catalog_db, list_book, sam, sue):
    works = [list_book(sue, title=title).body for title in ("Persuasion", "Sanditon")]
    for book in works:
        buys(book, buyer="sam")
    dice = random.Random(3)
    versions = dice.sample(range(2, 10), 8)

    def act(number):
        if number < 8:
            return rename(f"Sam {versions[number]}", versions[number])
        if number < 14:
            return list_book(title=f"Book {number}")
        return review(works[number % 2], sam)

    together(16, act)
    assert set(names(catalog_db)) == {"Sam 9"}
    assert reviewers(catalog_db) == ["Sam 9"] * 2
    assert len(names(catalog_db)) == 6


def test_a_review_written_with_a_token_of_before_has_the_new_name(catalog_db, list_book, sue):
    emma = list_book().body
    buys(emma, buyer="bea")
    rename("Beatrice", 2, who="bea")
    assert review(emma, token_of("bea")).body["author"] == {"name": "Beatrice"}


def test_an_import_that_runs_while_its_seller_is_renamed_goes_on_under_the_new_name(catalog_db, sam, monkeypatch):
    monkeypatch.setattr(work, "ROWS", 2)
    import_id = started(sam, HEAD + "".join(f"s{number},Book {number},Ana Gil,900,3\n" for number in range(6)))
    worked(catalog_db, sam, import_id)
    run(sam, import_id)
    work.work_import(Event.from_json(due(catalog_db)), seconds=-1)
    assert names(catalog_db) == ["Sam"] * 2
    rename("Samuel", 2)
    assert worked(catalog_db, sam, import_id)["status"] == "done"
    assert names(catalog_db) == ["Samuel"] * 6
    assert changes(catalog_db) == [("Samuel", 2)] * 2


def test_a_batch_of_an_import_asks_for_the_name_once(catalog_db, sam, monkeypatch):
    asked = []
    monkeypatch.setattr(batches, "named", lambda db, seller: asked.append(seller) or named(db, seller))
    import_id = started(sam, HEAD + "".join(f"s{number},Book {number},Ana Gil,900,3\n" for number in range(50)))
    worked(catalog_db, sam, import_id)
    run(sam, import_id)
    assert worked(catalog_db, sam, import_id)["run"]["new"] == 50
    assert asked == [SAM]


def test_a_name_told_after_its_account_has_gone_comes_nowhere(catalog_db, list_book, sue):
    emma, persuasion = list_book(sue).body, list_book(sue, title="Persuasion").body
    for book in (emma, persuasion):
        buys(book, buyer="bea")
    bea = token_of("bea")
    review(emma, bea)
    leave("bea")
    for version in (2, 3):
        rename("Beatrice", version, who="bea")
    leave("bea")
    rename("Beatrice", 4, who="bea")
    assert reviewers(catalog_db) == [None]
    kept = [value for row in fetch_all(catalog_db, "SELECT * FROM people") for value in row.values()]
    assert "Beatrice" not in kept
    # The token counts for some minutes more.
    assert review(persuasion, bea).body["author"] == {}


def test_what_somebody_lists_who_has_left_is_taken_off_when_it_is_told_once_more(catalog_db, list_book, sam):
    leave()
    assert list_book().status == 201
    leave()
    assert names(catalog_db) == []


def test_a_renaming_stops_where_its_account_has_gone(catalog_db, list_book, sam, sue, after_the_first_batch):
    hers = list_book(sue).body
    buys(hers, buyer="sam")
    review(hers, sam)
    for number in range(3):
        list_book(title=f"Book {number}")
    after_the_first_batch(leave)
    rename("Samuel", 2)
    assert (names(catalog_db), reviewers(catalog_db)) == ([], [None])


def test_the_new_name_is_read_by_who_had_the_old_one(list_book, answering):
    book = list_book().body
    read, listed = call("get-book", path=f"/{book['id']}"), call("list-books", query={"q": "emma"})
    rename("Samuel", 2)
    again = call("get-book", path=f"/{book['id']}", If_None_Match=read.headers["ETag"])
    assert (again.status, again.body["seller"]["name"], again.headers["ETag"]) == (200, "Samuel", '"2-10"')
    assert again.body["updated_at"] > book["updated_at"]
    again = call("list-books", query={"q": "emma"}, If_None_Match=listed.headers["ETag"])
    assert (again.status, [each["seller"]["name"] for each in again.body["items"]]) == (200, ["Samuel"])


def test_a_listing_that_its_seller_changes_meanwhile_keeps_the_change_and_the_name(catalog_db, list_book, sam):
    book = list_book().body
    rename("Samuel", 2)
    stale = call("update-book", EMMA, path=f"/{book['id']}", token=sam, If_Match='"1-10"')
    assert (stale.status, stale.body["version"]) == (412, 2)
    changed = call("update-book", EMMA | {"price_cents": 5}, path=f"/{book['id']}", token=sam, If_Match='"2-10"')
    assert (changed.body["seller"]["name"], changed.body["price_cents"]) == ("Samuel", 5)
    assert changes(catalog_db) == [("Samuel", 2), ("Samuel", 3)]


def test_what_is_no_renaming_is_set_aside(catalog_db):
    assert call("rename-seller", b"{}").status == 422


def test_a_name_is_put_right_whatever_is_known_unless_that_has_changed(catalog_db, list_book):
    list_book()
    rename("Wrong", 7)
    execute(catalog_db, "UPDATE people SET version = 8")
    renames.restore(renamed("Samuel", 2), seen=7)
    assert names(catalog_db) == ["Wrong"]
    renames.restore(renamed("Samuel", 2), seen=8)
    assert (names(catalog_db), list_book().body["seller"]["name"]) == (["Samuel"], "Samuel")
