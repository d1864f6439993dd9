"""CSV of every kind, and what is said about the rows that cannot be read."""

import csv
import io
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookstore.catalog.imports.csv_files import LONGEST_ROW, read_csv
from bookstore.catalog.imports.entries import Place, Unreadable
from bookstore.catalog.imports.models import CsvIn, DefaultsIn
from tests.unit.catalog.imports.files import Parts, csv_entries

HEAD = "sku,title,authors,price_cents,stock\n"
EMMA = "e,Emma,Jane Austen,1299,3\n"


def entries(content, **how):
    return [entry for entry, _ in csv_entries(content, **how)]


def problems(content, **how):
    return {
        (entry.line, problem.field): problem.reason for entry in entries(content, **how) for problem in entry.problems
    }


def test_a_row_is_what_its_columns_say():
    (entry,) = entries(HEAD + EMMA)
    assert (entry.line, entry.key.name, entry.problems) == (2, "sku:e", ())
    assert entry.fields == {"title": "Emma", "authors": ["Jane Austen"], "price_cents": 1299, "stock": 3}


def test_a_mark_at_the_beginning_and_any_end_of_line_are_no_part_of_the_text():
    for newline in ("\n", "\r\n", "\r"):
        text = "\ufeff" + (HEAD + EMMA + "p,Persuasion,Jane Austen,1,1").replace("\n", newline)
        assert [entry.fields["title"] for entry in entries(text)] == ["Emma", "Persuasion"]


def test_quotes_hold_separators_line_breaks_and_quotes():
    (one, two) = entries(
        'title,sku,authors,price_cents,stock,description\n"A ""b"", c",1,X,1,1,"l1\nl2, x"\nD,2,X,1,1,\n'
    )
    assert (one.fields["title"], one.fields["description"]) == ('A "b", c', "l1\nl2, x")
    assert (one.line, two.line) == (2, 4)
    assert two.fields["description"] is None


def test_empty_lines_are_no_rows():
    assert [entry.line for entry in entries(HEAD + "\n" + EMMA + "\n\n" + EMMA + "\n")] == [3, 6]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_another_sign_may_separate(delimiter):
    (entry,) = entries((HEAD + EMMA).replace(",", delimiter), delimiter=delimiter)
    assert entry.fields["stock"] == 3


def test_bytes_that_are_no_utf_8_refuse_their_cell_and_the_encoding_can_be_named():
    text = (HEAD + "1,Cien años,Gabriel García Márquez,1,1\n2,Emma,Jane Austen,1,1\n").encode("latin-1")
    assert problems(text) == {
        (2, "title"): "is not utf-8: it has the byte 0xf1",
        (2, "authors"): "is not utf-8: it has the byte 0xed",
    }
    assert entries(text, encoding="latin-1")[0].fields["title"] == "Cien años"
    assert entries("sku,title\n1,\u201cQuoted\u201d \u2014 \u20ac\n".encode("cp1252"), encoding="latin-1")[0].fields[
        "title"
    ] == ("\u201cQuoted\u201d \u2014 \u20ac")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf_16_is_recognized_and_refused(encoding):
    text = (HEAD + EMMA) if encoding == "utf-16" else "\ufeff" + HEAD + EMMA
    with pytest.raises(Unreadable, match="UTF-16"):
        entries(text.encode(encoding))


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_a_file_must_name_its_columns(content):
    with pytest.raises(Unreadable, match="name the columns"):
        entries(content)


def test_unknown_columns_are_named():
    with pytest.raises(Unreadable, match="'colour', 'rating'"):
        entries("title,colour,sku,rating\n")
    with pytest.raises(Unreadable, match="Is ',' what separates"):
        entries(HEAD.replace(",", ";"))


def test_a_column_twice_is_refused_and_so_are_two_that_say_the_same():
    with pytest.raises(Unreadable, match="'title'"):
        entries("title,title,sku\n")
    with pytest.raises(Unreadable, match="'price', 'price_cents'"):
        entries("sku,title,price,price_cents\n")
    with pytest.raises(Unreadable, match="'authors', 'contributors'"):
        entries("sku,contributors,authors\n")


def test_a_million_columns_are_refused():
    with pytest.raises(Unreadable, match="longer than 256 KiB"):
        entries("," * 1_000_000 + "\n" + EMMA)
    with pytest.raises(Unreadable, match="201 columns"):
        entries(",".join(f"c{number}" for number in range(201)) + "\n")
    assert problems(HEAD + "," * 200_000 + "\n") == {
        (2, ""): "has 200001 cells, but the first line names 5 columns",
    }


def test_their_columns_become_ours_and_the_rest_is_left_alone():
    columns = {"sku": "Nr", "title": "Titel", "price": "Preis"}
    (entry,) = entries('Preis,Nr,Farbe,Titel\n"12,99",7,rot,Emma\n', columns=columns)
    assert entry.fields == {"title": "Emma", "price_cents": 1299}
    with pytest.raises(Unreadable, match="lacks columns: 'Titel'"):
        entries("Nr,Preis\n", columns=columns)


def test_a_quote_that_is_never_closed_costs_its_row_only():
    tail = EMMA * 20_000
    found = csv_entries(HEAD + 'x,"Never closed,Jane Austen,1,1\n' + tail)
    assert [entry.line for entry, _ in found[:3]] == [2, 3, 4]
    assert found[0][0].problems[0].reason == "opens a quote that is not closed"
    assert len(found) == 20_001
    assert all(not entry.problems for entry, _ in found[1:])


def test_a_quote_that_is_open_at_the_end_costs_its_row_only():
    assert problems(HEAD + 'x,"Never closed,J,1,1\n' + EMMA) == {(2, ""): "opens a quote that is not closed"}


@pytest.mark.parametrize("tail", ["", 'x"z\n'])
def test_a_file_of_nothing_but_open_quotes_is_read_in_the_time_of_any_other(tail):
    # Each line ends in an open quote, whether one begins with it or comes to it with a quote open.
    content = HEAD + 'x",",y\n' * 20_000 + tail
    began = time.process_time()
    found = csv_entries(content)
    assert time.process_time() - began < 5
    assert len(found) == 20_000 + bool(tail)
    assert all(entry.problems for entry, _ in found)


def test_a_quote_in_the_wrong_place_costs_its_row_only():
    assert list(problems(HEAD + 'x,"Emma" Woodhouse,J,1,1\n' + EMMA)) == [(2, "")]


def test_a_row_of_ten_megabytes_costs_its_row_and_no_memory():
    content = (HEAD + "x," + "y" * 10_000_000 + ",J,1,1\n" + EMMA).encode()
    source = Parts(content)
    tracemalloc.start()
    found = [entry for entry, _ in read_csv(source, Place(), CsvIn(), DefaultsIn(), "USD")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(entry.line, [problem.reason for problem in entry.problems]) for entry in found] == [
        (2, ["is longer than 256 KiB, or has a cell longer than half of that"]),
        (3, []),
    ]
    assert peak < 8 * LONGEST_ROW + 2 * 1024 * 1024


def test_a_row_with_too_few_or_too_many_cells_is_refused():
    assert list(problems(HEAD + "1,Emma\n" + EMMA + "1,2,3,4,5,6\n")) == [(2, ""), (4, "")]


def test_every_cell_that_cannot_be_read_is_named():
    row = "1,Emma,J,cheap,1.5,12x,0306406150\n"
    assert set(problems("sku,title,authors,price_cents,stock,pages,isbn13\n" + row)) == {
        (2, field) for field in ("price_cents", "stock", "pages", "isbn13")
    }


def test_a_row_without_anything_to_be_known_by_is_refused():
    assert list(problems("title,authors,isbn13,price_cents,stock\nEmma,J,,1,1\n")) == [(2, "sku")]
    (entry,) = entries("title,isbn13,condition,format\nEmma,0306406152,Very Good,Hardcover\n")
    assert entry.key.name == "isbn:9780306406157:very_good:hardcover"


def test_a_number_is_as_long_as_it_is_kept():
    found = problems(HEAD + "\u0958" * 51 + ",Emma,J,1,1\n" + "\u0958" * 50 + ",Emma,J,1,1\n")
    assert found == {(2, "sku"): "must have at most 100 characters"}


def test_a_wrong_isbn_may_be_left_out_with_a_note():
    content = "sku,isbn13\n1,0306406150\n2,306406152\n3,439023483\n"
    assert list(problems(content)) == [(2, "isbn13")]
    dropped, *padded = entries(content, wrong_isbn="drop")
    assert dropped.fields == {"isbn13": None}
    assert dropped.notes[0].reason.endswith("asks for 2; it was left out")
    assert [entry.fields["isbn13"] for entry in padded] == ["9780306406157", "9780439023481"]


def test_what_spreadsheets_make_of_numbers_is_understood():
    (entry,) = entries("sku,published,pages,stock\n1,2008.0,320.0,5.0\n")
    assert entry.fields == {"published": "2008", "pages": 320, "stock": 5}
    assert entries("sku,published\n1,-1750.0\n")[0].fields["published"] == "-1750"


def test_a_title_may_end_in_its_series():
    content = 'sku,title\n1,"The Hunger Games (The Hunger Games, #1)"\n2,Emma\n3,Emma (a novel)\n'
    titles = [(entry.fields["title"], entry.fields["series"]) for entry in entries(content, series_in_title=True)]
    assert titles == [
        ("The Hunger Games", {"title": "The Hunger Games", "volume": "1"}),
        ("Emma", None),
        ("Emma (a novel)", None),
    ]
    assert "series" not in entries(content)[0].fields


def test_an_empty_cell_empties_a_field_but_never_one_that_a_listing_needs_or_that_has_a_default():
    content = "sku,title,publisher,price_cents,language\n1,,,,\n"
    assert entries(content)[0].fields == {"publisher": None, "language": None}
    assert entries(content, defaults={"language": "es"})[0].fields == {"publisher": None}


def test_names_are_split_and_their_spaces_joined():
    (entry,) = entries('sku,authors\n1,"J.K.  Rowling, Mary GrandPré,, J.K. Rowling"\n', author_separator=",")
    assert entry.fields["authors"] == ["J.K. Rowling", "Mary GrandPré"]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12)


@given(st.lists(st.tuples(cells, cells), max_size=30), st.integers(1, 40), st.integers(0, 30))
def test_reading_on_from_any_row_finds_the_same_rows_as_reading_through(rows, size, stop):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["sku", "title"])
    writer.writerows(rows)
    whole = csv_entries(out.getvalue(), size=size)
    assert len(whole) == len(rows)
    place = whole[min(stop, len(whole) - 1)][1] if whole else Place()
    rest = csv_entries(out.getvalue(), place, size=size)
    assert rest == (whole[stop + 1 :] if stop < len(whole) else [])


@given(st.binary(max_size=300), st.integers(1, 50))
def test_whatever_comes_is_read_or_refused_and_reading_on_agrees(content, size):
    whole = csv_entries(b"sku,title\n" + content, size=size)
    for number, (_, place) in enumerate(whole):
        assert csv_entries(b"sku,title\n" + content, place, size=size) == whole[number + 1 :]
