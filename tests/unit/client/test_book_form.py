"""What a seller does not change in the form stays as the API has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookstore.catalog.models import BookIn, Contributor
from bookstore.catalog.roles import ROLES
from client.api import Answer, ApiError
from client.forms import Form
from client.forms.book import from_api, to_api
from tests.unit.client.fakes import form_of, make_book

WHOLE = {
    "title": "Don Quijote",
    "subtitle": "Primera parte",
    "contributors": [
        {"name": "Miguel de Cervantes", "role": "author"},
        {"name": "Charles Jarvis", "role": "translator", "onix_role": "B08"},
        {"name": "Prince (singer)", "role": "author"},
        {"name": "John Smith (editor)", "role": "author", "onix_role": "A02"},
        {"name": "Gustave Doré", "role": "illustrator"},
        {"name": "Somebody [B06]", "role": "contributor", "onix_role": "Z01"},
    ],
    "isbn13": "9780141439587",
    "publisher": "Ático & Hijos",
    "published": "-1605-01-16",
    "language": "es-CO",
    "format": "audiobook",
    "pages": 863,
    "series": {"title": "Clásicos", "volume": "1½"},
    "subjects": ["FBC", "1DSE-ES-A", *(f"3M{number:07}-ES-A" for number in range(18))],
    "description_format": "html",
    "description": "<p>One &amp; two</p>\n\n<p>Three\tfour</p>",
    "condition": "acceptable",
    "price_cents": 1000000000,
    "stock": 1000000,
}

letters = st.characters(exclude_categories=["Cc", "Cs"])
names = st.text(letters, min_size=1, max_size=30).map(str.strip).filter(bool)
endings = st.sampled_from(["", " (editor)", " [B06]", "(singer)", " (", " )", " (translator) [B08]"])
codes = st.from_regex(r"[A-FZ][0-9]{2}", fullmatch=True)
people = st.one_of(
    st.builds(lambda name, end, role: Contributor(name=name + end, role=role), names, endings, st.sampled_from(ROLES)),
    st.builds(lambda name, end, code: Contributor(name=name + end, onix_role=code), names, endings, codes),
)


def as_sent(values):
    """The form's values as a browser sends them."""
    return {name: value.replace("\n", "\r\n") for name, value in values.items()}


def test_the_whole_book_is_whole():
    assert set(WHOLE) == set(BookIn.model_fields) - {"authors"}
    assert BookIn.model_validate(WHOLE).model_dump(exclude_none=True, exclude={"authors"}) | WHOLE == WHOLE


def test_a_book_of_which_only_the_title_is_changed_keeps_all_else(signed_in, api):
    api.holds(make_book(seller={"id": "u1", "name": "Ada Lovelace"}, **WHOLE))
    api.says["PUT", "/books/b1"] = Answer(make_book())
    form = form_of(signed_in.get("/selling/books/b1/edit").text)
    answer = signed_in.post("/selling/books/b1/edit", form | {"title": "Don Quixote"})
    assert answer.location == "/selling/books"
    sent = api.sent("PUT", "/books/b1")[0].body
    assert sent == WHOLE | {"title": "Don Quixote"}
    # The API understands it as it had it.
    assert BookIn.model_validate(sent) == BookIn.model_validate(WHOLE | {"title": "Don Quixote"})


def test_a_book_of_which_little_is_known_gets_nothing_more(signed_in, api):
    little = {"title": "Emma", "contributors": [{"name": "Jane Austen", "role": "author"}], "subjects": []}
    api.holds(make_book(seller={"id": "u1", "name": "Ada Lovelace"}, **little))
    api.says["PUT", "/books/b1"] = Answer(make_book())
    signed_in.post("/selling/books/b1/edit", form_of(signed_in.get("/selling/books/b1/edit").text))
    sent = BookIn.model_validate(api.sent("PUT", "/books/b1")[0].body)
    assert sent == BookIn.model_validate(little | {"condition": "new", "price_cents": 1099, "stock": 5})


@given(st.lists(people, min_size=1, max_size=5))
def test_whoever_made_a_book_is_written_in_the_form_as_it_is_read_again(contributors):
    kept = [person.kept() for person in contributors]
    body = to_api(Form(as_sent(from_api(make_book(contributors=kept)))), "USD")
    assert [Contributor.model_validate(person).kept() for person in body["contributors"]] == kept


@given(st.text(st.one_of(letters, st.sampled_from("\n\t")), max_size=100).filter(str.strip))
def test_a_description_keeps_its_lines_and_its_space(description):
    assert to_api(Form(as_sent(from_api(make_book(description=description)))), "USD")["description"] == description


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Edith Grossman [B06]", {"name": "Edith Grossman", "onix_role": "B06"}),
        ("Edith Grossman(Translator) [B06]", {"name": "Edith Grossman", "role": "translator", "onix_role": "B06"}),
        ("(translator)", {"name": "(translator)", "role": "author"}),
    ],
)
def test_people_are_read_as_sellers_write_them(line, person):
    assert to_api(Form({"people": f"\r\n  {line} \r\n"}), "USD")["contributors"] == [person]


@pytest.mark.parametrize("path", ["contributors[1].role", "contributors", "authors[0]"])
def test_what_is_wrong_with_a_person_is_told_at_the_people(signed_in, api, path):
    api.says["POST", "/books"] = ApiError(400, "Not valid", {path: "must be one of the roles"})
    page = signed_in.post("/selling/books/new", {"title": "x", "people": "y (z)", "price": "1", "stock": "1"}).text
    assert '<a href="#f-people">This must be one of the roles.</a>' in page
