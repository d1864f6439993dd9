"""The index finds, sorts, counts, corrects and suggests; nothing of it needs a database."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookstore.catalog.cursors import Cursor
from bookstore.catalog.index.documents import NUMBER_BITS
from bookstore.catalog.index.queries import SORTS
from bookstore.catalog.index.spelling import edits
from bookstore.catalog.index.store import Store
from bookstore.catalog.models import BooksQuery, SuggestionsQuery
from bookstore.catalog.search.kept import KeptQuery, digest
from bookstore.catalog.settings import price_bands
from tests.unit.catalog.shelf import row

SHELF = [
    {"title": "Don Quijote de la Mancha", "authors": ["Miguel de Cervantes"], "language": "es", "subjects": ["FBC"]},
    {"title": "Pride and Prejudice", "authors": ["Jane Austen"], "language": "en-GB", "subjects": ["FBC", "FR"]},
    {"title": "Pride and Prejudice and Zombies", "authors": ["Seth Grahame-Smith"], "language": "en"},
    {"title": "The Hobbit", "authors": ["J. R. R. Tolkien"], "format": "paperback", "subjects": ["FM"]},
    {"title": "The Silmarillion", "authors": ["J. R. R. Tolkien", "Christopher Tolkien"], "format": "hardcover"},
    {"title": "It", "authors": ["Stephen King"], "format": "paperback", "stock": 0, "subjects": ["FKC"]},
    {"title": "The Stand", "authors": ["Stephen King"], "format": "ebook", "condition": "good", "subjects": ["FL"]},
    {"title": "Tolkien: A Biography", "authors": ["Humphrey Carpenter"], "subjects": ["DNB"], "price_cents": 499},
    {"title": "Mary, Queen of Scots", "authors": ["Antonia Fraser"], "subjects": ["DNB", "1DDU-GB-S"]},
    {"title": "Harry Potter", "authors": ["J. K. Rowling"], "price_cents": 500},
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A store that no test changes."""
    made = Store(tmp_path_factory.mktemp("index"))
    made.build(row(number, **book) for number, book in enumerate(SHELF, 1))
    return made


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path)
    made.build(row(number, **book) for number, book in enumerate(SHELF, 1))
    return made


def find(store, **query):
    return store.current.find(BooksQuery.model_validate(query))


def titles(store, **query):
    return [SHELF[hit.number - 1]["title"] for hit in find(store, **query).hits]


def counts(values):
    return {value.value: value.count for value in values}


def test_facets_count_each_value_of_what_was_found(store):
    facets = find(store, facets=True).facets
    assert counts(facets.subject) == {"F": 5, "D": 2}
    assert counts(facets.language) == {"en": 2, "es": 1}
    assert counts(facets.format) == {"paperback": 2, "hardcover": 1, "ebook": 1}
    assert counts(facets.condition) == {"new": 9, "good": 1}
    assert [(band.min_price, band.max_price, band.count) for band in facets.price] == [
        *((0, 499, 1), (500, 999, 1), (1000, 1999, 8)),
    ]
    assert facets.in_stock == 9


def test_a_facet_shows_the_rivals_of_its_own_filter_and_counts_beside_the_others(store):
    found = find(store, author="king", format="paperback", facets=True)
    assert counts(found.facets.format) == {"paperback": 1, "ebook": 1}
    assert counts(found.facets.condition) == {"new": 1}
    assert (found.total.count, found.facets.in_stock) == (1, 0)
    found = find(store, in_stock=True, min_price=500, max_price=999, facets=True)
    assert [band.count for band in found.facets.price] == [1, 1, 7]
    assert found.facets.in_stock == 1


def test_a_chosen_subject_is_divided_one_step_further(store):
    assert counts(find(store, subject="f", facets=True).facets.subject) == {"FB": 2, "FR": 1, "FM": 1, "FK": 1, "FL": 1}
    assert counts(find(store, subject="FBC", facets=True).facets.subject) == {}
    assert titles(store, subject="1DDU") == ["Mary, Queen of Scots"]


def test_subjects_keep_the_hyphens_that_thema_writes(store):
    codes = ["1DDU-GB-EA", "1DDU-GB-EA", "1DDU-GB-ESL", "1DDUX"]
    store.apply([], [row(100 + place, title="Map", subjects=[code]) for place, code in enumerate(codes)])
    for chosen, narrower in (
        ("1DD", {"1DDU": 5}),
        ("1DDU", {"1DDU-GB-E": 3, "1DDU-GB-S": 1, "1DDUX": 1}),
        ("1ddu-gb-e", {"1DDU-GB-EA": 2, "1DDU-GB-ES": 1}),
        ("1DDU-GB-ES", {"1DDU-GB-ESL": 1}),
        ("1DDU-GB-ESL", {}),
    ):
        assert counts(find(store, subject=chosen, facets=True).facets.subject) == narrower


@pytest.mark.parametrize("code", ["1", "1DDU", "1DDU-G", "1DDU-GB", "1DDUGB", "1DDU-GB-S", "1ddugbs"])
def test_a_subject_is_found_by_every_beginning_of_its_code_with_hyphens_and_without(store, code):
    assert titles(store, subject=code) == ["Mary, Queen of Scots"]
    store.apply([9], [row(9, title="Mary, Queen of Scots", subjects=["1DDUGBS"])])
    assert titles(store, subject=code) == ["Mary, Queen of Scots"]


def test_bands_of_prices_are_the_operators(store, monkeypatch):
    monkeypatch.setenv("PRICE_BANDS", "1000")
    price_bands.cache_clear()
    try:
        bands = find(store, facets=True).facets.price
    finally:
        monkeypatch.undo()
        price_bands.cache_clear()
    assert [(band.min_price, band.max_price, band.count) for band in bands] == [(0, 999, 2), (1000, 10**9, 8)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quijtoe", "quijote"),
        ("prejduice", "prejudice"),
        ("pride and prejduice", "pride and prejudice"),
        ("tolkein", "tolkien"),
        ("tolpien", "tolkien"),
        ("qrexudice", "prejudice"),
        ("silmarilion", "silmarillion"),
        ("pottre", "potter"),
        ("QUÍJTOE", "quijote"),
        ("carpentre hobbit", None),  # Two books: nothing has both.
        ("hary", None),
        ("xyzzy", None),
        ("prid", None),
        ("99999", None),
    ],
)
def test_a_misspelled_word_is_corrected_when_that_finds_something(store, typed, meant):
    assert find(store, q=typed).did_you_mean == meant


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ({"author": "Tolkein"}, "tolkien"),
        ({"author": "j. r. r. tolkein"}, "jrr tolkien"),
        ({"author": "CERVANTSE", "language": "es"}, "cervantes"),
        ({"author": "asuten", "q": "zombies"}, None),
        ({"author": "austne", "q": "pride"}, "austen"),
        ({"author": "cervantse", "format": "ebook"}, None),
        # The word of a title is no name.
        ({"author": "quijtoe"}, None),
        ({"author": "tolkien", "q": "hobbti"}, None),
        ({"author": "xyzzyx"}, None),
        ({"author": "+*("}, None),
    ],
)
def test_a_misspelled_author_is_corrected_when_that_finds_something_beside_the_other_filters(store, query, meant):
    assert find(store, **query).did_you_mean_author == meant


def test_text_and_author_are_corrected_each_beside_the_other(store):
    found = find(store, q="hobbti", author="tolkien")
    assert (found.did_you_mean, found.did_you_mean_author) == ("hobbit", None)
    found = find(store, q="hobbit", author="tolkein")
    assert (found.did_you_mean, found.did_you_mean_author) == (None, "tolkien")


def test_nothing_is_corrected_where_enough_was_found_and_on_later_pages(store):
    store.apply([], [row(20 + number, title="Tolkein") for number in range(4)])
    assert find(store, q="tolkein").did_you_mean is None
    assert find(store, q="quijtoe", cursor=Cursor("relevance", (0, 0), 1).write()).did_you_mean is None


@pytest.mark.parametrize("typed", ["978-0-306-40615-8", "0306406153", "ISBN 9780306406150"])
def test_the_right_check_digit_is_what_was_meant(store, typed):
    assert find(store, q=typed).did_you_mean is None
    store.apply([], [row(100, title="Mathematics", isbn13="9780306406157")])
    assert find(store, q=typed).did_you_mean == "9780306406157"


def test_a_rare_word_is_corrected_only_to_a_far_more_frequent_one(store):
    rare = [row(100, title="Shakespere", sold=9), row(101, title="Shakespare", sold=8)]
    store.apply([], [*rare, *(row(200 + n, title="Shakespeare") for n in range(50))])
    assert find(store, q="shakespere").did_you_mean is None
    store.apply([], [row(300, title="Shakespeare")])
    assert find(store, q="shakespere").did_you_mean == "shakespeare"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("war and pea", [1]),
        ("wra", []),
        ("війн", [2]),
        ("війнв", []),
        ("ποίη", [3]),
        ("ah", []),
        ("ahh", [4]),
        ("a" + "h" * 70, [4]),
        ("a" + "h" * 71, []),
    ],
)
def test_the_last_word_may_be_a_beginning_in_any_script_and_of_any_length(tmp_path, typed, found):
    store = Store(tmp_path)
    shelf = ["War and Peace", "Війна та мир", "Ποίηση", "A" + "h" * 70]
    store.build(row(number, title=title) for number, title in enumerate(shelf, 1))
    assert [hit.number for hit in find(store, q=typed).hits] == found


COMPOUNDS = [
    *("Catch-22", "Catch22 Revisited", "Catch 22", "Spiderman", "The Amazing Spider-Man", "Spider-Man"),
    *("20,000 Leagues under the Sea", "20000 Streets", "Ebook", "My First E-Book", "The Rapist", "Therapist"),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        # Whose title it is, however it is written; then whose title holds it so.
        ("catch22", ["Catch-22", "Catch22 Revisited"]),
        ("catch-22", ["Catch 22", "Catch-22", "Catch22 Revisited"]),
        ("catch 22", ["Catch 22", "Catch-22"]),
        ("spiderman", ["Spider-Man", "Spiderman", "The Amazing Spider-Man"]),
        ("spider-man", ["Spider-Man", "Spiderman", "The Amazing Spider-Man"]),
        ("spider man", ["Spider-Man", "The Amazing Spider-Man"]),
        ("amazing spiderman", ["The Amazing Spider-Man"]),
        ("spider-m", ["Spider-Man", "The Amazing Spider-Man", "Spiderman"]),
        ("20000", ["20000 Streets", "20,000 Leagues under the Sea"]),
        ("20,000", ["20,000 Leagues under the Sea", "20000 Streets"]),
        ("ebook", ["Ebook", "My First E-Book"]),
        ("e-book", ["Ebook", "My First E-Book"]),
        ("therapist", ["Therapist"]),
        ("the rapist", ["The Rapist"]),
    ],
)
def test_compounds_are_found_however_they_are_written(tmp_path, typed, found):
    store = Store(tmp_path)
    store.build(row(number, title=title) for number, title in enumerate(COMPOUNDS, 1))
    answer = find(store, q=typed)
    assert [COMPOUNDS[hit.number - 1] for hit in answer.hits] == found
    assert answer.total.count == len(found)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("fahrenheit451", "fahrenheit 451"), ("the fahrenheit451", None), ("fahren heit 451", "fahrenheit 451")),
        *(("spider man", "spiderman"), ("amazing spider man", "amazing spiderman"), ("x men", "xmen")),
        # Somebody wrote it so; no book has both words; a letter is sooner wrong than a space.
        *(("therapist", None), ("burgundy", None), ("histroy", "history")),
    ],
)
def test_a_space_too_many_or_too_few_is_corrected(tmp_path, typed, meant):
    store = Store(tmp_path)
    shelf = ["Fahrenheit 451", "The Amazing Spiderman", "Xmen", "The Rapist", "Therapist", "Burg", "Undy", "His Troy"]
    store.build(row(number, title=title) for number, title in enumerate([*shelf, "History"]))
    assert find(store, q=typed).did_you_mean == meant


def test_names_are_found_however_they_are_written(store):
    zombies = ["Pride and Prejudice and Zombies"]
    for author in ("grahamesmith", "grahame-smith", "grahame smith", "seth grahame-s"):
        assert titles(store, author=author) == titles(store, q=f"zombies {author}") == zombies


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("tolkein", "tolkien", 1), ("kitten", "sitting", 3), ("abc", "ca", 3)],
)
def test_edits_are_counted_with_swaps_as_one(one, other, count):
    assert edits(one, other) == edits(other, one) == count


def suggested(store, q, **more):
    return [(found.kind, found.text) for found in store.current.suggest(SuggestionsQuery(q=q, **more)).items]


def test_titles_that_begin_so_are_suggested_before_those_that_hold_the_words(store):
    store.apply([], [row(30, title="Prejudice", sold=1), row(31, title="On Tolkien", sold=9)])
    assert suggested(store, "tolkien")[0] == ("title", "Tolkien: A Biography")
    assert suggested(store, "prej") == [
        ("title", "Prejudice"),
        ("title", "Pride and Prejudice and Zombies"),
        ("title", "Pride and Prejudice"),
    ]


def test_the_best_sold_is_suggested_first_and_each_title_once(store):
    store.apply(
        [], [row(30, title="The Hobbit", sold=3), row(31, title="the hobbit"), row(32, title="The Hive", sold=9)]
    )
    assert suggested(store, "the h") == [("title", "The Hive"), ("title", "The Hobbit")]


def test_names_are_suggested_beside_titles(store):
    assert suggested(store, "tolk") == [
        *(("title", "Tolkien: A Biography"), ("author", "J. R. R. Tolkien"), ("author", "Christopher Tolkien"))
    ]
    assert suggested(store, "king ste") == [("author", "Stephen King")]
    assert suggested(store, "tolk", limit=1) == [("author", "J. R. R. Tolkien")]


@pytest.mark.parametrize("q", ["", " ", "i", "it", "+*(", "%%%", "zzzz", "x" * 200])
def test_too_little_and_junk_suggest_nothing(store, q):
    assert suggested(store, q) == []


def test_what_was_changed_is_found_anew_and_what_is_gone_no_more(store):
    store.apply({3, 6}, [row(6, title="Es", authors=["Stephen King"], stock=2)])
    assert titles(store, q="zombies") == titles(store, q="it") == []
    assert [hit.number for hit in find(store, q="es", in_stock=True).hits] == [6]
    assert store.books == len(SHELF) - 1


TYPED = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60) | st.text('+-"*~()[]{}:^\\/.? tolkien')


@given(q=TYPED, author=TYPED, sort=st.sampled_from([*SORTS]))
@settings(deadline=None)
def test_no_text_breaks_a_search(shelf, q, author, sort):
    found = find(shelf, q=q, author=author, sort=sort, facets=True)
    assert found.total.count <= len(SHELF)
    assert len(found.hits) == found.total.count
    shelf.current.suggest(SuggestionsQuery(q=q))


SORTED_BY = {
    "newest": lambda book: -book["number"],
    "price": lambda book: (book["price_cents"], book["number"]),
    "-price": lambda book: (-book["price_cents"], -book["number"]),
    "title": lambda book: (book["title_key"], book["number"]),
    "bestselling": lambda book: (-book["sold"], -book["number"]),
}


def pages(store, size=7, **query):
    cursor = {}
    while True:
        found = find(store, limit=size, **query, **cursor)
        yield found.hits[:size]
        if len(found.hits) <= size:
            return
        last = found.hits[size - 1]
        cursor = {"cursor": Cursor(query["sort"], last.keys, last.number).write()}


def some_books(count, seed):
    dice = random.Random(seed)
    for number in dice.sample(range(1, 10**6), count):
        title = " ".join(dice.choices(["red", "réd", "Blue", "ΩΔ", "三体", "a", "10"], k=dice.randint(1, 3)))
        price, sold = dice.choice((0, 100, 10**9)), dice.choice((0, 0, 1, 2**30))
        yield row(number, title=title, price_cents=price, sold=sold)


@pytest.mark.parametrize("sort", SORTED_BY)
@pytest.mark.parametrize("seed", range(3))
def test_pages_hold_every_book_once_in_order_across_commits(tmp_path, sort, seed):
    books, store = list(some_books(60, seed)), Store(tmp_path)
    store.build(books[:20])
    store.apply({book["number"] for book in books[:30]}, books[:30])
    store.apply([], books[30:])
    found = [hit.number for page in pages(store, sort=sort) for hit in page]
    assert found == [book["number"] for book in sorted(books, key=SORTED_BY[sort])]


def test_relevance_goes_by_closeness_then_by_sales_then_by_age(tmp_path):
    shelf = [
        *(("Red", "Ann", 0), ("Red", "Ann", 2), ("Red", "Ann", 2), ("Red Sea", "Ann", 0), ("The Red Sea", "Ann", 9)),
        *(("The Sea", "Ann Red", 5), ("Reddish", "Ann", 99), ("Sea", "Redman", 98), ("Blue", "Bob", 100)),
    ]
    store = Store(tmp_path)
    store.build(row(number, title=title, authors=[name], sold=sold) for number, (title, name, sold) in enumerate(shelf))
    for size, facets in itertools.product((1, 2, 3, 8, 20), (False, True)):
        found = [hit for page in pages(store, size, sort="relevance", q="red", facets=facets) for hit in page]
        assert [hit.number for hit in found] == [2, 1, 0, 3, 4, 5, 6, 7]
        assert [hit.keys[0] for hit in found] == [0, 0, 0, 1, 2, 3, 4, 4]


def test_books_added_while_paging_shift_nothing(store):
    walk = pages(store, 3, sort="newest")
    first = next(walk)
    store.apply([], [row(number, title="New") for number in range(50, 60)])
    store.apply({9}, [])
    rest = [hit.number for page in walk for hit in page]
    assert [hit.number for hit in first] == [10, 9, 8]
    assert rest == [7, 6, 5, 4, 3, 2, 1]


def test_an_index_is_taken_up_as_it_was_left(store, tmp_path):
    store.apply({1}, [])
    store.close()
    other = Store(tmp_path)
    assert other.open()
    assert other.books == len(SHELF) - 1
    assert [hit.number for hit in find(other, q="hobbit").hits] == [4]


def test_nothing_is_taken_up_where_nothing_is(tmp_path):
    assert not Store(tmp_path / "none").open()


@pytest.mark.parametrize("kind", ["store", "fast", "term", "idx", "json"])
def test_a_broken_index_is_not_taken_up_but_built_anew(store, tmp_path, kind):
    store.close()
    broken = [path for path in tmp_path.rglob(f"*{kind}") if path.is_file()]
    assert broken
    for path in broken:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    other = Store(tmp_path)
    assert not other.open()
    other.build(row(number, **book) for number, book in enumerate(SHELF, 1))
    assert [hit.number for hit in find(other, q="hobbit").hits] == [4]


def test_an_index_of_another_making_is_not_taken_up_and_goes_when_this_one_is_built(store, tmp_path, monkeypatch):
    store.close()
    monkeypatch.setattr("bookstore.catalog.index.store.fingerprint", lambda: "another")
    other = Store(tmp_path)
    assert not other.open()
    other.build([])
    assert [path.name for path in tmp_path.iterdir()] == ["another"]


def test_copies_are_told_by_the_numbers_and_digests_of_their_books(store):
    rows = [row(number, **book) for number, book in enumerate(SHELF, 1)]
    assert store.current.kept(KeptQuery()).copies == [(book["number"], digest(book)) for book in rows]
    assert [number for number, _ in store.current.kept(KeptQuery(after=3, last=5)).copies] == [4, 5]
    assert [number for number, _ in store.current.kept(KeptQuery(after=8)).copies] == [9, 10]
    assert [number for number, _ in store.current.kept(KeptQuery(after=3, limit=2)).copies] == [4, 5]


def test_the_greatest_number_has_its_digest(store):
    last = 2**NUMBER_BITS - 1
    store.apply([last], [row(last, title="The Last Book")])
    assert store.current.kept(KeptQuery(after=10, last=last)).copies == [
        (last, digest(row(last, title="The Last Book")))
    ]


def test_a_copy_that_is_there_twice_is_seen(store):
    store.apply([11], [row(11, title="It")] * 2)
    assert [number for number, _ in store.current.kept(KeptQuery(after=10)).copies] == [11, 11]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        *[({"stock": 3}, True), ({"stock": 0}, False), ({"sold": 1}, False), ({"price_cents": 1}, False)],
        *[({"language": "en"}, False), ({"subjects": ["FM"]}, False), ({"condition": "good"}, False)],
    ],
)
def test_a_digest_tells_what_is_kept_and_nothing_else(change, same):
    book = row(1, title="Emma")
    assert (digest(row(1, **{"title": "Emma", **change})) == digest(book | {"version": 2})) == same
